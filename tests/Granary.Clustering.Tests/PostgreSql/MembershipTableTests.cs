namespace Granary.Clustering.Tests.PostgreSql;

/// <summary>What the membership protocol needs of its table, asked of Orleans' provider with our SQL.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class MembershipTableTests(SharedPostgreSql postgres)
{
    [Fact]
    public async Task ReadAllAsync_OfANewTable_HasAVersionAndNobodyAsync()
    {
        await using TestTable table = await OpenAsync();

        MembershipTableData data = await table.Members.ReadAllAsync();

        Assert.Empty(data.Members);
        Assert.Equal(0, data.Version.Version);
    }

    [Fact]
    public async Task InitializeMembershipTableAsync_ASecondTime_KeepsTheMembersAsync()
    {
        await using TestTable table = await OpenAsync();
        await table.InsertAsync(TestTable.Entry(1));

        await table.Members.InitializeMembershipTableAsync(tryInitTableVersion: true);

        MembershipTableData data = await table.Members.ReadAllAsync();
        Assert.Single(data.Members);
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task InsertRowAsync_OfAMember_IsReadAsItWasWrittenAsync()
    {
        await using TestTable table = await OpenAsync();
        MembershipEntry entry = TestTable.Entry(11111, SiloStatus.Joining);

        Assert.True(await table.InsertAsync(entry));

        MembershipTableData data = await table.Members.ReadAllAsync();
        (MembershipEntry read, string etag) = Assert.Single(data.Members);
        Assert.Equal(1, data.Version.Version);
        Assert.Equal(data.Version.VersionEtag, etag);
        Assert.Equal(entry.SiloAddress, read.SiloAddress);
        Assert.Equal(entry.SiloName, read.SiloName);
        Assert.Equal(entry.HostName, read.HostName);
        Assert.Equal(entry.Status, read.Status);
        Assert.Equal(entry.ProxyPort, read.ProxyPort);
        Assert.Equal(entry.StartTime, read.StartTime);
        Assert.Equal(entry.IAmAliveTime, read.IAmAliveTime);
        Assert.Null(read.SuspectTimes);
    }

    [Fact]
    public async Task InsertRowAsync_OfAMemberThatIsThere_IsFalseAndLeavesTheVersionAsync()
    {
        await using TestTable table = await OpenAsync();
        await table.InsertAsync(TestTable.Entry(1));

        Assert.False(await table.InsertAsync(TestTable.Entry(1, SiloStatus.Dead)));

        MembershipTableData data = await table.Members.ReadAllAsync();
        Assert.Equal(1, data.Version.Version);
        Assert.Equal(SiloStatus.Active, Assert.Single(data.Members).Item1.Status);
    }

    [Fact]
    public async Task InsertRowAsync_WithAVersionThatHasPassed_IsFalseAsync()
    {
        await using TestTable table = await OpenAsync();
        TableVersion early = (await table.Members.ReadAllAsync()).Version.Next();
        await table.InsertAsync(TestTable.Entry(1));

        Assert.False(await table.Members.InsertRowAsync(TestTable.Entry(2), early));

        Assert.Single((await table.Members.ReadAllAsync()).Members);
    }

    [Fact]
    public async Task ReadRowAsync_OfOneOfTwo_HasThatOneAsync()
    {
        await using TestTable table = await OpenAsync();
        await table.InsertAsync(TestTable.Entry(1));
        await table.InsertAsync(TestTable.Entry(2));

        MembershipTableData data = await table.Members.ReadRowAsync(TestTable.Entry(2).SiloAddress);

        Assert.Equal("silo-2", Assert.Single(data.Members).Item1.SiloName);
        Assert.Equal(2, data.Version.Version);
    }

    [Fact]
    public async Task ReadRowAsync_OfNobody_HasTheVersionOnlyAsync()
    {
        await using TestTable table = await OpenAsync();
        await table.InsertAsync(TestTable.Entry(1));

        MembershipTableData data = await table.Members.ReadRowAsync(TestTable.Entry(2).SiloAddress);

        Assert.Empty(data.Members);
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task UpdateRowAsync_OfAMember_ChangesItAndStepsTheVersionAsync()
    {
        await using TestTable table = await OpenAsync();
        await table.InsertAsync(TestTable.Entry(1));
        MembershipTableData before = await table.Members.ReadAllAsync();
        (MembershipEntry entry, string etag) = before.Members.Single();
        entry.Status = SiloStatus.Dead;
        entry.IAmAliveTime = TestTable.Start.AddMinutes(5);
        entry.AddSuspector(TestTable.Entry(2).SiloAddress, TestTable.Start.AddMinutes(1));
        entry.AddSuspector(TestTable.Entry(3).SiloAddress, TestTable.Start.AddMinutes(2));

        Assert.True(await table.Members.UpdateRowAsync(entry, etag, before.Version.Next()));

        MembershipTableData after = await table.Members.ReadAllAsync();
        MembershipEntry read = after.Members.Single().Item1;
        Assert.Equal(before.Version.Version + 1, after.Version.Version);
        Assert.Equal(SiloStatus.Dead, read.Status);
        Assert.Equal(entry.IAmAliveTime, read.IAmAliveTime);
        Assert.Equal(entry.StartTime, read.StartTime);
        Assert.Equal(entry.SuspectTimes, read.SuspectTimes);
    }

    [Fact]
    public async Task UpdateRowAsync_OfNobody_IsFalseAndLeavesTheVersionAsync()
    {
        await using TestTable table = await OpenAsync();
        await table.InsertAsync(TestTable.Entry(1));
        TableVersion version = (await table.Members.ReadAllAsync()).Version;

        Assert.False(await table.Members.UpdateRowAsync(TestTable.Entry(2), version.VersionEtag, version.Next()));

        Assert.Equal(1, (await table.Members.ReadAllAsync()).Version.Version);
    }

    [Fact]
    public async Task UpdateRowAsync_ByManyOfOneVersion_HasOneWinnerAsync()
    {
        await using TestTable table = await OpenAsync();
        const int Writers = 8;
        for (int port = 0; port < Writers; port++)
        {
            await table.InsertAsync(TestTable.Entry(port + 1));
        }

        for (int round = 0; round < 20; round++)
        {
            MembershipTableData before = await table.Members.ReadAllAsync();

            bool[] won = await Task.WhenAll(before.Members.Select(member =>
                table.Members.UpdateRowAsync(member.Item1, member.Item2, before.Version.Next())));

            Assert.Single(won, true);
            Assert.Equal(before.Version.Version + 1, (await table.Members.ReadAllAsync()).Version.Version);
        }
    }

    [Fact]
    public async Task UpdateRowAsync_AmongHeartbeats_LosesNoneOfThemAndIsNeverLateAsync()
    {
        await using TestTable table = await OpenAsync();
        await table.InsertAsync(TestTable.Entry(1));
        DateTime last = TestTable.Start;
        using var stop = new CancellationTokenSource();
        Task heartbeats = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                MembershipEntry beating = TestTable.Entry(1);
                beating.IAmAliveTime = last = last.AddSeconds(1);
                await table.Members.UpdateIAmAliveAsync(beating);
            }
        });

        for (int round = 1; round <= 100; round++)
        {
            MembershipTableData before = await table.Members.ReadAllAsync();
            (MembershipEntry entry, string etag) = before.Members.Single();
            entry.Status = round % 2 == 0 ? SiloStatus.Active : SiloStatus.ShuttingDown;

            Assert.True(await table.Members.UpdateRowAsync(entry, etag, before.Version.Next()));

            MembershipTableData after = await table.Members.ReadAllAsync();
            Assert.Equal(entry.Status, after.Members.Single().Item1.Status);
            Assert.Equal(before.Version.Version + 1, after.Version.Version);
        }

        await stop.CancelAsync();
        await heartbeats;
        MembershipEntry final = TestTable.Entry(1);
        final.IAmAliveTime = last.AddSeconds(1);
        await table.Members.UpdateIAmAliveAsync(final);
        Assert.Equal(final.IAmAliveTime, (await table.Members.ReadAllAsync()).Members.Single().Item1.IAmAliveTime);
    }

    [Fact]
    public async Task UpdateIAmAliveAsync_OfAMember_LeavesTheVersionAndItsEtagAsync()
    {
        await using TestTable table = await OpenAsync();
        await table.InsertAsync(TestTable.Entry(1));
        MembershipTableData before = await table.Members.ReadAllAsync();
        MembershipEntry beating = TestTable.Entry(1, SiloStatus.Dead);
        beating.IAmAliveTime = TestTable.Start.AddMinutes(5);

        await table.Members.UpdateIAmAliveAsync(beating);

        MembershipTableData after = await table.Members.ReadAllAsync();
        MembershipEntry read = after.Members.Single().Item1;
        Assert.Equal(beating.IAmAliveTime, read.IAmAliveTime);
        Assert.Equal(SiloStatus.Active, read.Status);
        Assert.Equal(before.Version.Version, after.Version.Version);
        Assert.Equal(before.Version.VersionEtag, after.Version.VersionEtag);
        Assert.True(await table.Members.InsertRowAsync(TestTable.Entry(2), before.Version.Next()));
    }

    [Fact]
    public async Task CleanupDefunctSiloEntriesAsync_RemovesOnlyTheDeadOfLongAgoAsync()
    {
        await using TestTable table = await OpenAsync();
        MembershipEntry recent = TestTable.Entry(3, SiloStatus.Dead);
        recent.IAmAliveTime = TestTable.Start.AddHours(2);
        await table.InsertAsync(TestTable.Entry(1));
        await table.InsertAsync(TestTable.Entry(2, SiloStatus.Dead));
        await table.InsertAsync(recent);
        await table.InsertAsync(TestTable.Entry(4));
        await DeclareDeadAsync(table, port: 4, votedAt: TestTable.Start.AddHours(2));
        await table.InsertAsync(TestTable.Entry(5));
        await DeclareDeadAsync(table, port: 5, votedAt: TestTable.Start.AddMinutes(1));
        MembershipTableData before = await table.Members.ReadAllAsync();

        await table.Members.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(TestTable.Start.AddHours(1)));

        MembershipTableData after = await table.Members.ReadAllAsync();
        Assert.Equal([1, 3, 4], after.Members.Select(member => member.Item1.SiloAddress.Endpoint.Port).Order());
        Assert.Equal(before.Version.Version, after.Version.Version);
    }

    [Fact]
    public async Task GetGateways_HasTheActiveMembersThatHaveOneAsync()
    {
        await using TestTable table = await OpenAsync();
        await table.InsertAsync(TestTable.Entry(1, gatewayPort: 30001));
        await table.InsertAsync(TestTable.Entry(2, gatewayPort: 0));
        await table.InsertAsync(TestTable.Entry(3, SiloStatus.Dead, gatewayPort: 30003));
        await table.InsertAsync(TestTable.Entry(4, SiloStatus.Joining, gatewayPort: 30004));

        IList<Uri> gateways = await table.Gateways.GetGatewaysAsync();

        Assert.Equal("gwy.tcp://127.0.0.1:30001/7", Assert.Single(gateways).ToString());
    }

    [Fact]
    public async Task DeleteMembershipTableEntriesAsync_OfOneCluster_LeavesTheOtherAsync()
    {
        string connection = await postgres.CreateDatabaseAsync();
        await using TestTable a = await TestTable.OpenAsync(connection, "a");
        await using TestTable b = await TestTable.OpenAsync(connection, "b");
        await a.InsertAsync(TestTable.Entry(1));
        await b.InsertAsync(TestTable.Entry(1));
        await b.InsertAsync(TestTable.Entry(2));

        await a.Members.DeleteMembershipTableEntriesAsync("a");
        await a.Members.InitializeMembershipTableAsync(tryInitTableVersion: true);

        Assert.Empty((await a.Members.ReadAllAsync()).Members);
        MembershipTableData other = await b.Members.ReadAllAsync();
        Assert.Equal(2, other.Members.Count);
        Assert.Equal(2, other.Version.Version);
    }

    private static async Task DeclareDeadAsync(TestTable table, int port, DateTime votedAt)
    {
        MembershipTableData data = await table.Members.ReadRowAsync(TestTable.Entry(port).SiloAddress);
        (MembershipEntry entry, string etag) = data.Members.Single();
        entry.Status = SiloStatus.Dead;
        entry.AddSuspector(TestTable.Entry(1).SiloAddress, votedAt);
        Assert.True(await table.Members.UpdateRowAsync(entry, etag, data.Version.Next()));
    }

    private async Task<TestTable> OpenAsync() => await TestTable.OpenAsync(await postgres.CreateDatabaseAsync());
}
