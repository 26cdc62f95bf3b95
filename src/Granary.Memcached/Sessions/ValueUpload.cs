using System.Buffers;
using Granary.Cache.Routing;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>
/// A value that is too long for the input buffer, on its way in: collected by pages, which go into this silo's memory or
/// to another silo. It is stored when its last byte and CR LF have come, and not before.
/// </summary>
internal sealed class ValueUpload : IDisposable
{
    private readonly GatewayState _gateway;
    private readonly Action _resume;
    private readonly Verb _verb;
    private readonly byte[] _key;
    private readonly uint _flags;
    private readonly Expiration _expiration;
    private readonly ulong _cas;
    private readonly int _length;
    private readonly int _shard;
    private readonly int _pageCapacity;
    private byte[]? _page;
    private int _pageLength;
    private int _received;
    private int _sent;
    private StagedValue? _staged;
    private RemoteWrite _remote;
    private Task<RemoteWrite>? _opening;
    private Task<PagedWriteReply>? _writing;

    public ValueUpload(in Command command, GatewayState gateway, Action resume)
    {
        _gateway = gateway;
        _resume = resume;
        _verb = command.Verb;
        _key = command.Key.ToArray();
        _flags = command.Flags;
        _expiration = Expirations.From(command.ExpirationSeconds);
        _cas = command.Number;
        _length = command.ValueLength;
        NoReply = command.NoReply;
        _shard = gateway.Cache.ShardOf(_key);
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

    public bool NoReply { get; }

    public PlanItemKind Kind => Operations.KindOf(_verb);

    /// <summary>How it ended; <see cref="CacheStatus.None"/> before. Bytes that still come are dropped.</summary>
    public CacheStatus Outcome { get; private set; }

    /// <summary>The shard, if the value was stored on this silo: its replica does not have it yet.</summary>
    public int? StoredShard { get; private set; }

    /// <summary>Whether the value was not followed by CR LF.</summary>
    public bool IsBadChunk { get; private set; }

    /// <summary>Takes bytes of the value and of the CR LF behind it.</summary>
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

            if (_received == _length + 2)
            {
                return SessionStatus.Continue;
            }

            if (_received == _length)
            {
                if (input.Length - consumed < 2)
                {
                    return SessionStatus.NeedInput;
                }

                IsBadChunk = !input.Slice(consumed, 2).SequenceEqual("\r\n"u8);
                consumed += 2;
                _received += 2;
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
            _shard, Operations.ModeOf(_verb), _key, _page.AsSpan(0, _pageLength), _flags, _expiration, _cas, out _);
        if (result == StoreResult.NotOpen)
        {
            Open();
        }
        else
        {
            Stored(result);
        }
    }

    private void Commit(StagedValue staged)
    {
        StoreResult result = _gateway.Cache.Store.Commit(_shard, Operations.ModeOf(_verb), staged, _cas, out _);
        if (result == StoreResult.NotOpen)
        {
            _staged = null; // its shard has left: the value goes after it, whatever becomes of this connection
            _writing = _gateway.Cache.ForwardAsync(Request(), staged);
            Resumption.After(_writing, _resume);
        }
        else
        {
            Stored(result);
        }
    }

    private void Stored(StoreResult result)
    {
        Outcome = StoreOutcome.StatusOf(result);
        StoredShard = result == StoreResult.Success ? _shard : null;
    }

    private void SendPage()
    {
        if (_sent == 0 && _gateway.Cache.Store.IsOpen(_shard))
        {
            _staged = _gateway.Cache.Store.Stage(_key, _length, _flags, _expiration);
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

    private PagedWriteRequest Request() => new()
    {
        Operation = Operations.OperationOf(_verb),
        Key = _key,
        Flags = _flags,
        Expiration = _expiration.Raw,
        Cas = _cas,
        Length = _length,
        Page = _page.AsMemory(0, _pageLength),
    };

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
            Settle(_remote.Reply.Status);
            _opening = null;
        }

        if (_writing is not null)
        {
            if (!_writing.IsCompleted)
            {
                return false;
            }

            Settle(Resumption.ResultOf(_writing).Status);
            _writing = null;
        }

        return true;
    }

    private void Settle(CacheStatus status)
    {
        Outcome = status switch
        {
            CacheStatus.Continue => CacheStatus.None,
            // The silo could not be reached: nothing is stored before the last page.
            CacheStatus.None => _sent + _pageLength < _length ? CacheStatus.NotOwner : CacheStatus.Unknown,
            CacheStatus.UnknownTransfer => CacheStatus.NotOwner,
            _ => status,
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
