using System.Globalization;
using System.Text;
using Granary.Store.Entries;

namespace Granary.Store.Tests.Model;

/// <summary>What a store must do when nothing is evicted, in the plainest way: a dictionary and a clock.</summary>
internal sealed class StoreModel(Func<long> now, int maxValueBytes)
{
    private readonly Dictionary<string, Item> _items = new(StringComparer.Ordinal);
    private long _flushAt;

    public sealed record Item(byte[] Value, uint Flags, long ExpiresAt, ulong[] Tags, ulong Cas = 0, long Window = 0, long Latest = 0);

    /// <summary>Finds an item for a reader: one with a window expires later because of it.</summary>
    public Item? Read(string key) => Find(key) is { } item ? _items[key] = Used(item) : null;

    public Item? Find(string key)
    {
        if (_flushAt != 0 && now() >= _flushAt)
        {
            Flush(0);
        }

        if (_items.TryGetValue(key, out Item? item) && item.ExpiresAt != 0 && item.ExpiresAt <= now())
        {
            _items.Remove(key);
            return null;
        }

        return item;
    }

    public StoreResult Put(
        PutMode mode, string key, byte[] value, uint flags, Expiration expiration, ulong compare, ulong[] tags)
    {
        Item? old = Find(key);
        if (value.Length > maxValueBytes)
        {
            return StoreResult.TooLarge;
        }

        switch (mode)
        {
            case PutMode.Add when old is not null:
            case PutMode.Replace or PutMode.Append or PutMode.Prepend when old is null:
                return StoreResult.NotStored;
            case PutMode.CompareAndSet when old is null:
                return StoreResult.NotFound;
            case PutMode.CompareAndSet when old.Cas != compare:
                return StoreResult.Exists;
            case PutMode.Append or PutMode.Prepend:
                byte[] joined = mode == PutMode.Append ? [.. old!.Value, .. value] : [.. value, .. old!.Value];
                if (joined.Length > maxValueBytes)
                {
                    return StoreResult.TooLarge;
                }

                _items[key] = Used(old) with { Value = joined };
                return StoreResult.Success;
            default:
                _items[key] = Used(new Item(
                    value, flags, Absolute(expiration), tags, 0, expiration.Window, Absolute(expiration)));
                return StoreResult.Success;
        }
    }

    public StoreResult Increment(string key, ulong delta, bool negative, out ulong number)
    {
        number = 0;
        if (Find(key) is not { } item)
        {
            return StoreResult.NotFound;
        }

        string text = Encoding.UTF8.GetString(item.Value).Trim(' ');
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong old))
        {
            return StoreResult.NotNumeric;
        }

        number = negative ? (old > delta ? old - delta : 0) : unchecked(old + delta);
        string padded = number.ToString(CultureInfo.InvariantCulture).PadRight(item.Value.Length);
        _items[key] = Used(item) with { Value = Encoding.UTF8.GetBytes(padded) };
        return StoreResult.Success;
    }

    public StoreResult Touch(string key, Expiration expiration)
    {
        if (Find(key) is not { } item)
        {
            return StoreResult.NotFound;
        }

        _items[key] = item with { ExpiresAt = Absolute(expiration), Window = 0 };
        return StoreResult.Success;
    }

    public StoreResult Delete(string key) =>
        Find(key) is not null && _items.Remove(key) ? StoreResult.Success : StoreResult.NotFound;

    public void Flush(long at)
    {
        if (at > now())
        {
            _flushAt = at;
            return;
        }

        _flushAt = 0;
        _items.Clear();
    }

    public void DropTag(ulong tag)
    {
        foreach (string key in _items.Where(item => item.Value.Tags.Contains(tag)).Select(static item => item.Key).ToArray())
        {
            _items.Remove(key);
        }
    }

    public void NoteCas(string key, ulong cas) => _items[key] = _items[key] with { Cas = cas };

    private Item Used(Item item)
    {
        long latest = item.Latest == 0 ? long.MaxValue : item.Latest;
        return item.Window == 0 ? item : item with { ExpiresAt = Math.Min(now() + item.Window, latest) };
    }

    private long Absolute(Expiration expiration) => expiration.Raw switch
    {
        0 => 0,
        > 0 => now() + expiration.Raw,
        _ => -expiration.Raw,
    };
}
