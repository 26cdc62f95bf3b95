namespace Granary.Cache.Shards;

/// <summary>
/// Tells a copy that begins from one that is long over: a message that its owner has given up, and sent another way, may
/// still arrive. Under the slot's lock.
/// </summary>
internal sealed class BegunCopies
{
    private SiloAddress? _owner;
    private long _last;

    /// <returns>False if the owner has begun this copy before, or a later one.</returns>
    public bool TryBegin(SiloAddress owner, long copy)
    {
        if (owner.Equals(_owner) && copy <= _last)
        {
            return false;
        }

        (_owner, _last) = (owner, copy);
        return true;
    }
}
