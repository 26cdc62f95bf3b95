using System.Net;
using Granary.Cache.Membership;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Membership;

/// <summary>Whom a silo reaches, by who answers it and who answers the others.</summary>
public sealed class PeerReachTests
{
    private static readonly SiloAddress Near = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);
    private static readonly SiloAddress Far = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 2), 1);

    private readonly FakeTimeProvider _time = new();
    private readonly PeerReach _reach;

    public PeerReachTests()
    {
        _reach = new PeerReach(_time);
        Hear(Near);
        Hear(Far);
    }

    [Fact]
    public void RelayTo_SilentSiloThatAnswersAnother_IsThatOne()
    {
        CancellationToken way = _reach.WayTo(Far);
        BeSilent(Far);

        bool isNew = _reach.SetRelay(Far, Near);

        Assert.True(isNew);
        Assert.Equal(Near, _reach.RelayTo(Far));
        Assert.Equal(Near, _reach.AnyRelay);
        Assert.Equal(1, _reach.CutOffCount);
        Assert.True(way.IsCancellationRequested);
        Assert.Null(_reach.RelayTo(Near));
    }

    [Fact]
    public void RelayTo_SiloThatHasAnsweredWhileAnotherWasAsked_IsNone()
    {
        BeSilent(Far);
        CancellationToken way = _reach.WayTo(Far);
        Hear(Far);

        bool isNew = _reach.SetRelay(Far, Near);

        Assert.False(isNew);
        Assert.Null(_reach.RelayTo(Far));
        Assert.False(way.IsCancellationRequested);
    }

    [Fact]
    public void RelayTo_SiloThatAnswersSteadilyAgain_IsNone()
    {
        CutOff();

        Assert.All(AnswersFor(TimeSpan.FromSeconds(1)), Assert.False); // not yet: a dead connection may be among those in use
        Assert.Equal(Near, _reach.RelayTo(Far));
        bool isBack = AnswersFor(TimeSpan.FromSeconds(0.25))[^1];

        Assert.True(isBack);
        Assert.Null(_reach.RelayTo(Far));
        Assert.False(_reach.WayTo(Far).IsCancellationRequested);
        Assert.True(_reach.WayTo(Far).CanBeCanceled);
    }

    [Fact]
    public void RelayTo_SiloOfWhichAnAnswerIsMissing_StaysAsItIs()
    {
        CutOff();
        AnswersFor(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(0.4)); // two of its answers

        Assert.All(AnswersFor(TimeSpan.FromSeconds(1)), Assert.False);
        Assert.Equal(Near, _reach.RelayTo(Far));
        Assert.True(AnswersFor(TimeSpan.FromSeconds(0.25))[^1]);
    }

    [Fact]
    public void RelayTo_AfterAnAnswerToAnOldQuestion_StaysAsItIs()
    {
        long asked = _time.GetTimestamp();
        CutOff();

        bool isBack = _reach.Heard(Far, asked);

        Assert.False(isBack);
        Assert.Equal(Near, _reach.RelayTo(Far));
    }

    [Fact]
    public void RelayTo_AfterTheRelayHasLeftOrFallenSilent_IsNone()
    {
        CutOff();
        _reach.Follow(_ => true);
        Assert.Equal(Near, _reach.RelayTo(Far));

        _reach.Follow(silo => silo.Equals(Far));

        Assert.Null(_reach.RelayTo(Far));

        Hear(Near);
        _reach.SetRelay(Far, Near);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        _reach.Follow(_ => true);

        Assert.Null(_reach.RelayTo(Far));
    }

    [Fact]
    public void Hears_OnlyForAMoment()
    {
        Assert.True(_reach.Hears(Far));

        _time.Advance(TimeSpan.FromSeconds(0.6));

        Assert.False(_reach.Hears(Far));
        Assert.False(_reach.IsSilent(Far));
    }

    [Fact]
    public void SiloThatHasNeverAnswered_IsNotCutOff()
    {
        SiloAddress unknown = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 3), 1);

        Assert.False(_reach.IsSilent(unknown));
        Assert.False(_reach.SetRelay(unknown, Near));
        Assert.False(_reach.WayTo(unknown).CanBeCanceled);
    }

    // Whether each answer of that time ended a cut. One in 250 ms, the first at once after a time without.
    private bool[] AnswersFor(TimeSpan length)
    {
        var isBack = new List<bool>();
        for (int i = 0; i < length / TimeSpan.FromSeconds(0.25); i++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.25));
            isBack.Add(_reach.Heard(Far, _time.GetTimestamp()));
        }

        return [.. isBack];
    }

    private void CutOff()
    {
        BeSilent(Far);
        _reach.SetRelay(Far, Near);
    }

    private void BeSilent(SiloAddress silo)
    {
        _time.Advance(TimeSpan.FromSeconds(1.1));
        foreach (SiloAddress other in new[] { Near, Far }.Where(other => !other.Equals(silo)))
        {
            Hear(other);
        }
    }

    private void Hear(SiloAddress silo) => _reach.Heard(silo, _time.GetTimestamp());
}
