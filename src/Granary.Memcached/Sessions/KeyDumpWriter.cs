using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Granary.Memcached.Protocol;
using Granary.Store;
using Granary.Store.Entries;

namespace Granary.Memcached.Sessions;

/// <summary>Writes a line of a list of keys, as memcached 1.6.45 does.</summary>
/// <param name="store">By whose clock entries expire.</param>
/// <param name="form">Which list.</param>
internal sealed class KeyDumpWriter(CacheStore store, KeyDumpForm form)
{
    private const int MillisecondsPerSecond = 1000;

    private readonly StringBuilder _text = new();

    /// <summary>Writes an entry's line.</summary>
    /// <returns><see langword="false"/> if no memcached client could ask for such a key, and the list is of no other.</returns>
    public bool TryWrite(ReadOnlySpan<byte> key, in EntryDetails details, OutputBuffer output)
    {
        _text.Clear();
        switch (form)
        {
            case KeyDumpForm.Details:
                AppendDetails(key, details);
                break;
            case KeyDumpForm.MetaGets:
                AppendMetaGet(key, details);
                break;
            default:
                AppendItem(key, details);
                break;
        }

        int length = _text.Length;
        Span<byte> target = output.GetSpan(length);
        foreach (ReadOnlyMemory<char> chunk in _text.GetChunks())
        {
            target = target[Encoding.Latin1.GetBytes(chunk.Span, target)..];
        }

        output.Advance(length);
        return length > 0;
    }

    // LF alone ends such a line.
    private void AppendDetails(ReadOnlySpan<byte> key, in EntryDetails details)
    {
        _text.Append("key=");
        AppendRaw(EscapedKey.Write(key, stackalloc byte[EscapedKey.MaxGrowth * CacheStore.MaxKeyBytes]));
        long expires = details.Entry.ExpiresAt == 0 ? -1 : details.Entry.ExpiresAt / MillisecondsPerSecond;
        long used = (store.UnixMilliseconds / MillisecondsPerSecond) - details.SecondsUnused;
        string fetched = (details.Marks & EntryMarks.Fetched) != EntryMarks.None ? "yes" : "no";
        _text.Append(
            CultureInfo.InvariantCulture,
            $" exp={expires} la={used} cas={details.Entry.Cas} fetch={fetched} cls={ClassStatistics.Class}");
        _text.Append(CultureInfo.InvariantCulture, $" size={details.RecordBytes} flags={details.Entry.Flags} \n");
    }

    private void AppendMetaGet(ReadOnlySpan<byte> key, in EntryDetails details)
    {
        bool isBinary = (details.Marks & EntryMarks.BinaryKey) != EntryMarks.None || !IsWord(key);
        if ((isBinary ? Base64.GetMaxEncodedToUtf8Length(key.Length) : key.Length) > ProtocolLimits.MaxKeyLength)
        {
            return;
        }

        _text.Append("mg ");
        if (isBinary)
        {
            _text.Append(Convert.ToBase64String(key)).Append(" b\r\n");
        }
        else
        {
            AppendRaw(key);
            _text.Append("\r\n");
        }
    }

    private void AppendItem(ReadOnlySpan<byte> key, in EntryDetails details)
    {
        if (!IsWord(key) || key.Length > ProtocolLimits.MaxKeyLength)
        {
            return;
        }

        _text.Append("ITEM ");
        AppendRaw(key);
        long expires = details.Entry.ExpiresAt / MillisecondsPerSecond;
        _text.Append(CultureInfo.InvariantCulture, $" [{details.Entry.ValueLength} b; {expires} s]\r\n");
    }

    private static bool IsWord(ReadOnlySpan<byte> key) => !key.ContainsAnyInRange((byte)0, (byte)' ');

    private void AppendRaw(ReadOnlySpan<byte> key)
    {
        foreach (byte one in key)
        {
            _text.Append((char)one);
        }
    }
}
