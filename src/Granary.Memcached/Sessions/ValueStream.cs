using Granary.Cache.Routing;
using Granary.Memcached.Protocol;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>
/// A long value on its way to the client: a piece at a time, from this silo's memory or page by page from another's.
/// </summary>
internal sealed class ValueStream : IDisposable
{
    private const int PieceBytes = 64 << 10;

    private readonly PinnedValue? _pinned;
    private readonly RemoteRead _remote;
    private readonly Action _resume;
    private readonly int _length;
    private readonly int _lineEndLength;
    private ReadOnlyMemory<byte> _page;
    private Task<WireBytes>? _nextPage;
    private int _offset;
    private bool _isBroken;

    /// <param name="pinned">The value.</param>
    /// <param name="lineEndLength">Whether CR LF follow it, 2, or not, 0.</param>
    public ValueStream(PinnedValue pinned, int lineEndLength)
    {
        _pinned = pinned;
        _lineEndLength = lineEndLength;
        _length = pinned.Length;
        _resume = static () => { };
    }

    /// <param name="remote">The value.</param>
    /// <param name="lineEndLength">Whether CR LF follow it, 2, or not, 0.</param>
    /// <param name="resume">Called when the next page has come.</param>
    public ValueStream(RemoteRead remote, int lineEndLength, Action resume)
    {
        _remote = remote;
        _lineEndLength = lineEndLength;
        _page = remote.Reply.Page;
        _length = remote.Reply.Length;
        _resume = resume;
    }

    /// <summary>Whether all is written.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Writes the next piece, and behind the last CR LF, in the text protocol.</summary>
    /// <returns>Continue when a piece was written, Suspended while a page is on its way, Close if it does not come.</returns>
    public SessionStatus Pump(OutputBuffer output)
    {
        while (_offset < _length)
        {
            if (_pinned is null && _page.IsEmpty && !TryTakePage())
            {
                return _isBroken ? SessionStatus.Close : SessionStatus.Suspended;
            }

            int length = Math.Min(PieceBytes, _pinned is null ? _page.Length : _length - _offset);
            Span<byte> target = output.GetSpan(length)[..length];
            if (_pinned is not null)
            {
                _pinned.CopyTo(_offset, target);
            }
            else
            {
                _page.Span[..length].CopyTo(target);
                _page = _page[length..];
            }

            output.Advance(length);
            _offset += length;
            if (output.Length >= PieceBytes)
            {
                return SessionStatus.Continue;
            }
        }

        output.Write(Reply.LineEnd[.._lineEndLength]);
        IsDone = true;
        return SessionStatus.Continue;
    }

    public void Dispose()
    {
        _pinned?.Dispose();
        if (_pinned is null && _offset < _length)
        {
            _ = CloseTransferAsync();
        }
    }

    // Asks for the next page, or takes it if it has come.
    private bool TryTakePage()
    {
        if (_nextPage is null)
        {
            _nextPage = _remote.Transfers.ReadPageAsync(_remote.Reply.Transfer, _offset).AsTask();
            Resumption.After(_nextPage, _resume);
            return false;
        }

        if (!_nextPage.IsCompleted)
        {
            return false;
        }

        _page = Resumption.ResultOf(_nextPage).Memory;
        _nextPage = null;
        _isBroken = _page.IsEmpty; // only closing the connection tells the client
        return !_isBroken;
    }

    private async Task CloseTransferAsync()
    {
        try
        {
            await _remote.Transfers.CloseTransferAsync(_remote.Reply.Transfer);
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // The silo that holds it lets go of it by itself when nobody asks for the next page.
        }
    }
}
