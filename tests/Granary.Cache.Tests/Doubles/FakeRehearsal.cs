using Granary.Cache.Shards;

namespace Granary.Cache.Tests.Doubles;

/// <summary>The grain of a rehearsal, which goes where it is told when it is let.</summary>
internal sealed class FakeRehearsal : IMoveRehearsalGrain
{
    private SiloAddress _silo = TestShards.Self;

    /// <summary>Called when it is told to go; true if it does.</summary>
    public Func<bool> Moves { get; set; } = static () => true;

    /// <summary>Rehearsals that have come to their end.</summary>
    public int Ended { get; private set; }

    public ValueTask<SiloAddress> LocateAsync() => new(_silo);

    public ValueTask MoveAsync(SiloAddress target)
    {
        _silo = Moves() ? target : _silo;
        return default;
    }

    public ValueTask EndAsync()
    {
        Ended++;
        _silo = TestShards.Self;
        return default;
    }
}
