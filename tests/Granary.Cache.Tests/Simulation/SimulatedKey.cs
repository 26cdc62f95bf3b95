using System.Text;

namespace Granary.Cache.Tests.Simulation;

/// <summary>What is known of one key: versions issued and acknowledged, and whether it may be absent.</summary>
internal sealed class SimulatedKey(string name, int shardCount)
{
    private bool _mayBeDeleted = true;
    private bool _isLost;

    public string Name { get; } = name;

    public byte[] Bytes { get; } = Encoding.ASCII.GetBytes(name);

    public int Shard { get; } = ShardHash.ShardOf(Encoding.ASCII.GetBytes(name), shardCount);

    public long Issued { get; private set; }

    public long Acknowledged { get; private set; }

    public bool IsWriting { get; set; }

    public bool MayMiss => _mayBeDeleted || _isLost;

    private bool _deletes;

    public void Issue(long version, bool deletes)
    {
        Issued = version;
        _deletes = deletes;
        _mayBeDeleted |= deletes;
        IsWriting = true;
    }

    public void Acknowledge(long version)
    {
        Acknowledged = version;
        _mayBeDeleted = _deletes;
        _isLost = false;
    }

    public void Lose() => _isLost = true;
}
