using System.Buffers.Text;
using System.Globalization;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>
/// The ledger of one list that many append tokens to. A token that was acknowledged before a read began is in it exactly
/// once, one of unknown outcome at most once, a refused one never. Full after some hundred tokens. Thread-safe.
/// </summary>
internal sealed class AppendList(int slot, int turn, FamilyTally tally) : ILedger
{
    public const int TokenBytes = 7; // six digits and a comma

    private const int Capacity = 200;

    private readonly Lock _lock = new();
    private readonly Token[] _tokens = new Token[Capacity];
    private int _begun;
    private int _acknowledged;
    private bool _isLost;

    private enum State
    {
        Possible = 0, // begun, or of unknown outcome
        Acknowledged,
        Refused,
        Reported, // something was found about it, once
    }

    /// <summary>What a list begins with: append needs an entry.</summary>
    public static ReadOnlySpan<byte> Header => "tokens:"u8;

    public ReadOnlyMemory<byte> Key { get; } = KeyNames.Of('a', slot, turn);

    public bool IsOver => _isLost || _begun == Capacity;

    public bool IsLost => _isLost;

    /// <returns>The token's number; -1 if the list is full.</returns>
    public int BeginAppend()
    {
        lock (_lock)
        {
            return _begun == Capacity ? -1 : _begun++;
        }
    }

    public static void WriteToken(Span<byte> destination, int token)
    {
        token.TryFormat(destination, out _, "D6", CultureInfo.InvariantCulture);
        destination[TokenBytes - 1] = (byte)',';
    }

    public void EndAppend(int token, Answer answer)
    {
        lock (_lock)
        {
            switch (answer)
            {
                case Answer.Done:
                    _tokens[token] = new Token(State.Acknowledged, ++_acknowledged);
                    break;
                case Answer.NotDone:
                    _tokens[token] = new Token(State.Refused, 0);
                    Lose_NeedsLock();
                    break;
                case Answer.Refused:
                    _tokens[token] = new Token(State.Refused, 0);
                    break;
                default:
                    break; // it stays possible
            }
        }
    }

    /// <returns>Tokens acknowledged until now.</returns>
    public int BeginRead()
    {
        lock (_lock)
        {
            return _acknowledged;
        }
    }

    public void EndReadOfNothing()
    {
        lock (_lock)
        {
            Lose_NeedsLock();
        }
    }

    /// <param name="acknowledgedBefore">From <see cref="BeginRead"/>.</param>
    /// <param name="value">What was found.</param>
    public void EndRead(int acknowledgedBefore, ReadOnlySpan<byte> value)
    {
        int[]? counts = CountTokens(value);
        lock (_lock)
        {
            if (counts is null)
            {
                tally.Add(Anomaly.Wrong, Key, $"{value.Length} bytes that are no list of tokens");
                return;
            }

            for (int token = 0; token < counts.Length; token++)
            {
                Compare_NeedsLock(token, counts[token], acknowledgedBefore);
            }
        }
    }

    private void Compare_NeedsLock(int token, int count, int acknowledgedBefore)
    {
        Anomaly? anomaly = (_tokens[token].State, count) switch
        {
            (State.Reported, _) => null,
            (_, > 1) => Anomaly.Doubled,
            (State.Refused, 1) => Anomaly.Wrong,
            (_, 1) when token >= _begun => Anomaly.Wrong,
            (State.Acknowledged, 0) when _tokens[token].Order <= acknowledgedBefore => Anomaly.Lost,
            _ => null,
        };
        if (anomaly is { } found)
        {
            string description = string.Create(
                CultureInfo.InvariantCulture, $"token {token}, {_tokens[token].State}, is there {count} times");
            tally.Add(found, Key, description);
            _tokens[token] = new Token(State.Reported, 0);
        }
    }

    private static int[]? CountTokens(ReadOnlySpan<byte> value)
    {
        if (!value.StartsWith(Header) || (value.Length - Header.Length) % TokenBytes != 0)
        {
            return null;
        }

        int[] counts = new int[Capacity];
        for (ReadOnlySpan<byte> rest = value[Header.Length..]; !rest.IsEmpty; rest = rest[TokenBytes..])
        {
            if (!Utf8Parser.TryParse(rest, out int token, out int length)
                || length != TokenBytes - 1
                || rest[length] != ','
                || token is < 0 or >= Capacity)
            {
                return null;
            }

            counts[token]++;
        }

        return counts;
    }

    private void Lose_NeedsLock()
    {
        if (!_isLost)
        {
            _isLost = true;
            tally.AddLost(Key, 1 + _acknowledged, $"nothing instead of {_acknowledged} tokens");
        }
    }

    /// <param name="State">What is known of it.</param>
    /// <param name="Order">Of acknowledged ones: the how manieth.</param>
    private readonly record struct Token(State State, int Order);
}
