using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;
using Microsoft.Extensions.Time.Testing;

namespace Granary.ClusterTests.Checking.Families;

/// <summary>What a read may find while writes are under way, or went wrong.</summary>
public sealed class RegisterTests
{
    private readonly FamilyTally _tally = new("registers", new RunClock(new FakeTimeProvider()));
    private readonly Register _register;

    public RegisterTests() => _register = new Register(slot: 3, turn: 0, _tally);

    [Fact]
    public void Read_WhileAWriteIsUnderWay_MayFindOldOrNew()
    {
        long first = Write(Answer.Done);
        Register.Snapshot begin = _register.BeginRead();
        long second = _register.BeginWrite(isDelete: false);

        Read(begin, first);
        Read(begin, second);

        AssertFound();
    }

    [Fact]
    public void Read_BegunBeforeAnAcknowledgement_MayFindTheOlder()
    {
        long first = Write(Answer.Done);
        Register.Snapshot begin = _register.BeginRead();
        Write(Answer.Done);

        Read(begin, first);

        AssertFound();
    }

    [Fact]
    public void Read_BegunAfterAnAcknowledgement_MayNotFindTheOlder()
    {
        long first = Write(Answer.Done);
        Write(Answer.Done);

        Read(_register.BeginRead(), first);

        AssertFound(Anomaly.Stale);
    }

    [Fact]
    public void Read_BehindOneThatFoundMore_IsRolledBack()
    {
        long first = Write(Answer.Done);
        long second = _register.BeginWrite(isDelete: false);
        Read(_register.BeginRead(), second);

        Read(_register.BeginRead(), first);

        AssertFound(Anomaly.RolledBack);
    }

    [Fact]
    public void Read_OfAnUnknownWriteBehindAnAcknowledgedOne_IsLate()
    {
        long unknown = Write(Answer.Unknown);
        Write(Answer.Done);

        Read(_register.BeginRead(), unknown);

        AssertFound(Anomaly.Late);
    }

    [Fact]
    public void Read_OfAVersionNotBegunYet_IsWrong()
    {
        Write(Answer.Done);

        Read(_register.BeginRead(), version: 2);

        AssertFound(Anomaly.Wrong);
    }

    [Fact]
    public void Read_OfNothing_IsRightWhileADeleteIsUnderWay()
    {
        Write(Answer.Done);
        _register.BeginWrite(isDelete: true);

        _register.EndReadOfNothing(_register.BeginRead());

        AssertFound();
    }

    [Fact]
    public void Read_OfNothingBehindARefusedDelete_IsALoss()
    {
        Write(Answer.Done);
        _register.EndWrite(_register.BeginWrite(isDelete: true), Answer.Refused);

        _register.EndReadOfNothing(_register.BeginRead());
        _register.EndReadOfNothing(_register.BeginRead());

        AssertFound(Anomaly.Lost);
        Assert.Equal(1, _tally[Anomaly.Lost]);
    }

    [Fact]
    public void Delete_ThatFindsNothingOfAnAcknowledgedWrite_IsALoss()
    {
        Write(Answer.Done);

        _register.EndWrite(_register.BeginWrite(isDelete: true), Answer.NotDone);

        AssertFound(Anomaly.Lost);
    }

    [Fact]
    public void Read_BehindAnAcknowledgedDelete_MayNotFindWhatWasDeleted()
    {
        long first = Write(Answer.Done);
        _register.EndWrite(_register.BeginWrite(isDelete: true), Answer.Done);

        Read(_register.BeginRead(), first);

        AssertFound(Anomaly.Stale);
    }

    private long Write(Answer answer)
    {
        long version = _register.BeginWrite(isDelete: false);
        _register.EndWrite(version, answer);
        return version;
    }

    private void Read(Register.Snapshot begin, long version)
    {
        byte[] value = new byte[RegisterValue.LengthOf(slot: 3, turn: 0, version)];
        RegisterValue.Write(value, slot: 3, turn: 0, version);
        _register.EndRead(begin, value);
    }

    private void AssertFound(params Anomaly[] anomalies) =>
        Assert.Equal(anomalies, Enum.GetValues<Anomaly>().Where(anomaly => _tally[anomaly] > 0));
}
