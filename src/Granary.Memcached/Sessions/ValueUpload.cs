using System.Buffers;
using Granary.Cache.Routing;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>
/// A value that is too long for the input buffer, on its way in: collected by pages, which go into this silo's memory or
/// to another silo. It is stored when its last byte has come, and in the text protocol CR LF, and not before.
/// </summary>
internal sealed class ValueUpload : IDisposable
{
    private readonly GatewayState _gateway;
    private readonly Action _resume;
    private readonly byte[] _line;
    private readonly PagedWriteRequest _request; // without a page
    private readonly PutOptions _options;
    private readonly int _length;
    private readonly int _lineEndLength;
    private readonly int _shard;
    private readonly int _pageCapacity;
    private byte[]? _page;
    private int _pageLength;
    private int _received;
    private int _sent;
    private bool _isComplete;
    private StagedValue? _staged;
    private RemoteWrite _remote;
    private Task<RemoteWrite>? _opening;
    private Task<PagedWriteReply>? _writing;

    private ValueUpload(
        PagedWriteRequest request, PutOptions options, byte[] line, int lineEndLength, GatewayState gateway, Action resume)
    {
        _gateway = gateway;
        _resume = resume;
        _request = request;
        _options = options;
        _line = line;
        _length = request.Length;
        _lineEndLength = lineEndLength;
        _shard = gateway.Cache.ShardOf(request.Key.Span);
        _pageCapacity = Math.Min(_length, WireLimits.PageBytes);
        if (gateway.Budget.TryTake(_pageCapacity))
        {
            _page = ArrayPool<byte>.Shared.Rent(_pageCapacity);
        }
        else
        {
            Outcome = CacheStatus.NoRoom;
        }
    }

    /// <summary>Of a text command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="line">Its line, with its end.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="resume">Called when it can go on.</param>
    public static ValueUpload Of(in Command command, ReadOnlySpan<byte> line, GatewayState gateway, Action resume)
    {
        if (command.Verb == Verb.MetaSet)
        {
            ReadOnlySpan<byte> key = MetaOperations.KeyOf(command, stackalloc byte[MetaOperations.MaxDecodedKeyBytes]);
            PackedOperation operation = MetaOperations.From(command, key);
            return Of(operation, command.ValueLength, Reply.LineEnd.Length, line, gateway, resume);
        }

        (PagedWriteRequest request, PutOptions options) = PlainStore(command);
        return new ValueUpload(request, options, line.ToArray(), Reply.LineEnd.Length, gateway, resume)
        {
            NoReply = command.NoReply,
            Kind = Operations.KindOf(command.Verb),
        };
    }

    /// <summary>Of a command with options.</summary>
    /// <param name="operation">What it does.</param>
    /// <param name="valueLength">Bytes.</param>
    /// <param name="lineEndLength">Whether CR LF follow the value, 2, or not, 0.</param>
    /// <param name="line">The command's bytes, without its value.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="resume">Called when it can go on.</param>
    public static ValueUpload Of(
        in PackedOperation operation,
        int valueLength,
        int lineEndLength,
        ReadOnlySpan<byte> line,
        GatewayState gateway,
        Action resume)
    {
        // A silo that does not know the options stores as a classic command would.
        var request = new PagedWriteRequest
        {
            Operation = operation.Options.Mode,
            Key = operation.Key.ToArray(),
            Flags = operation.Flags,
            Expiration = operation.Expiration,
            Cas = operation.Options.Compare,
            Length = valueLength,
            Page = default,
            Options = operation.Options,
        };
        PutOptions options = StoreOptionsOf.Put(operation.Options, operation.Flags, operation.Expiration);
        return new ValueUpload(request, options, line.ToArray(), lineEndLength, gateway, resume) { HasOptions = true };
    }

    /// <summary>Of a classic command.</summary>
    public bool NoReply { get; private init; }

    /// <summary>Of a classic command.</summary>
    public PlanItemKind Kind { get; private init; }

    /// <summary>The command's bytes, without its value.</summary>
    public ReadOnlySpan<byte> Line => _line;

    /// <summary>Whether it is of a command with options.</summary>
    public bool HasOptions { get; private init; }

    /// <summary>What was stored, on success.</summary>
    public PutOutcome Stored { get; private set; }

    /// <summary>How it ended; <see cref="CacheStatus.None"/> before. Bytes that still come are dropped.</summary>
    public CacheStatus Outcome { get; private set; }

    /// <summary>The shard, if the value was stored on this silo: its replica does not have it yet.</summary>
    public int? StoredShard { get; private set; }

    /// <summary>Whether the value was not followed by CR LF.</summary>
    public bool IsBadChunk { get; private set; }

    /// <summary>Takes bytes of the value, and of the CR LF behind it.</summary>
    /// <returns>NeedInput for more, Suspended while a silo answers, Continue when the outcome is there.</returns>
    public SessionStatus Feed(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            if (!TrySettle())
            {
                return SessionStatus.Suspended;
            }

            if (_isComplete)
            {
                return SessionStatus.Continue;
            }

            if (_received == _length)
            {
                if (input.Length - consumed < _lineEndLength)
                {
                    return SessionStatus.NeedInput;
                }

                IsBadChunk = !input.Slice(consumed, _lineEndLength).SequenceEqual(Reply.LineEnd[.._lineEndLength]);
                consumed += _lineEndLength;
                _isComplete = true;
                Finish();
                continue;
            }

            if (input.Length == consumed)
            {
                return SessionStatus.NeedInput;
            }

            consumed += Take(input[consumed..]);
        }
    }

    public void Dispose()
    {
        _staged?.Dispose();
        if (_page is not null)
        {
            Task? reading = _opening is null ? _writing : _opening;
            if (reading is null or { IsCompleted: true })
            {
                ReturnPage(_page);
            }
            else
            {
                // The page may still be on its way to the other silo, whose entry would get another client's bytes.
                byte[] page = _page;
                Resumption.After(reading, () => ReturnPage(page));
            }

            _page = null;
        }

        if (_remote.Reply.Status == CacheStatus.Continue)
        {
            _ = CloseTransferAsync();
        }
    }

    private void ReturnPage(byte[] page)
    {
        ArrayPool<byte>.Shared.Return(page);
        _gateway.Budget.Return(_pageCapacity);
    }

    private int Take(ReadOnlySpan<byte> input)
    {
        int length = Math.Min(input.Length, _length - _received);
        if (Outcome == CacheStatus.None)
        {
            length = Math.Min(length, _pageCapacity - _pageLength);
            input[..length].CopyTo(_page.AsSpan(_pageLength));
            _pageLength += length;
        }

        _received += length;
        if (_pageLength == _pageCapacity && _received < _length && Outcome == CacheStatus.None)
        {
            SendPage();
        }

        return length;
    }

    private void Finish()
    {
        if (Outcome != CacheStatus.None || IsBadChunk)
        {
            return;
        }

        if (_sent > 0)
        {
            SendPage();
            if (_staged is not null && Outcome == CacheStatus.None)
            {
                Commit(_staged);
            }

            return;
        }

        StoreResult result = _gateway.Cache.Store.Put(
            _shard, _request.Key.Span, _page.AsSpan(0, _pageLength), _options, out PutOutcome outcome);
        if (result == StoreResult.NotOpen)
        {
            Open();
        }
        else
        {
            EndHere(result, outcome);
        }
    }

    private void Commit(StagedValue staged)
    {
        StoreResult result = _gateway.Cache.Store.Commit(_shard, staged, _options, out PutOutcome outcome);
        if (result == StoreResult.NotOpen)
        {
            _staged = null; // its shard has left: the value goes after it, whatever becomes of this connection
            _writing = _gateway.Cache.ForwardAsync(Request(), staged);
            Resumption.After(_writing, _resume);
        }
        else
        {
            EndHere(result, outcome);
        }
    }

    private void EndHere(StoreResult result, PutOutcome outcome)
    {
        Stored = outcome;
        Outcome = StoreOutcome.StatusOf(result);
        StoredShard = result == StoreResult.Success ? _shard : null;
    }

    private void SendPage()
    {
        if (_sent == 0 && _gateway.Cache.Store.IsOpen(_shard))
        {
            _staged = _gateway.Cache.Store.Stage(_request.Key.Span, _length, _options);
        }

        if (_staged is not null)
        {
            Outcome = _staged.TryWrite(_page.AsSpan(0, _pageLength)) ? CacheStatus.None : CacheStatus.NoRoom;
            PageSent();
        }
        else if (_sent == 0)
        {
            Open();
        }
        else
        {
            _writing = _remote.Transfers
                .WritePageAsync(_remote.Reply.Transfer, _sent, new WireBytes(_page.AsMemory(0, _pageLength)))
                .AsTask();
            Resumption.After(_writing, _resume);
        }
    }

    private void Open()
    {
        _opening = _gateway.Cache.OpenWriteAsync(Request()).AsTask();
        Resumption.After(_opening, _resume);
    }

    private PagedWriteRequest Request() => _request with { Page = _page.AsMemory(0, _pageLength) };

    private static (PagedWriteRequest Request, PutOptions Options) PlainStore(in Command command)
    {
        Expiration expiration = Expirations.From(command.ExpirationSeconds);
        var request = new PagedWriteRequest
        {
            Operation = Operations.OperationOf(command.Verb),
            Key = command.Key.ToArray(),
            Flags = command.Flags,
            Expiration = expiration.Raw,
            Cas = command.Number,
            Length = command.ValueLength,
            Page = default,
        };
        var options = new PutOptions
        {
            Mode = Operations.ModeOf(command.Verb),
            Flags = command.Flags,
            Expiration = expiration,
            Compare = command.Number,
        };
        return (request, options);
    }

    // Whether no silo is to be waited for; takes its answer if it has come.
    private bool TrySettle()
    {
        if (_opening is not null)
        {
            if (!_opening.IsCompleted)
            {
                return false;
            }

            _remote = Resumption.ResultOf(_opening);
            Settle(_remote.Reply);
            _opening = null;
        }

        if (_writing is not null)
        {
            if (!_writing.IsCompleted)
            {
                return false;
            }

            Settle(Resumption.ResultOf(_writing));
            _writing = null;
        }

        return true;
    }

    private void Settle(PagedWriteReply reply)
    {
        _gateway.Cache.EndWrite(_request.Key.Span);
        Stored = new PutOutcome(reply.Cas, reply.ValueLength);
        Outcome = reply.Status switch
        {
            CacheStatus.Continue => CacheStatus.None,
            // The silo could not be reached: nothing is stored before the last page.
            CacheStatus.None => _sent + _pageLength < _length ? CacheStatus.NotOwner : CacheStatus.Unknown,
            CacheStatus.UnknownTransfer => CacheStatus.NotOwner,
            _ => reply.Status,
        };
        PageSent();
    }

    private void PageSent()
    {
        _sent += _pageLength;
        _pageLength = 0;
    }

    private async Task CloseTransferAsync()
    {
        try
        {
            await _remote.Transfers.CloseTransferAsync(_remote.Reply.Transfer);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // The silo that holds it lets go of it by itself when no page comes any more.
        }
    }
}
