using System.Net;
using System.Net.Http.Headers;
using Granary.Client;
using Granary.ClusterTests.Silos;
using Granary.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClusterTests.Security;

/// <summary>Silos with credentials: who gets in by which port, and who does not.</summary>
public sealed class SecuredClusterTests(SecuredCluster cluster) : IClassFixture<SecuredCluster>
{
    private const int Keys = 64; // of shards of both silos

    [Fact]
    public async Task DotNetClient_WithItsCertificate_UsesBothSilosAsync()
    {
        using IHost client = await CredentialSet.ConnectAsync(cluster.Seeds, cluster.Credentials.Client);
        IGranaryCache cache = client.Services.GetRequiredService<IGranaryCache>();
        for (int i = 0; i < Keys; i++)
        {
            await cache.SetAsync($"secured-{i}", i);
        }

        for (int i = 0; i < Keys; i++)
        {
            Assert.Equal(i, (await cache.GetAsync<int>($"secured-{i}")).Value);
        }

        await client.StopAsync();
    }

    [Fact]
    public Task DotNetClient_WithoutACertificate_IsRefusedAsync() => AssertRefusedAsync(tls: null);

    [Fact]
    public Task DotNetClient_WithAnExpiredCertificate_IsRefusedAsync() =>
        AssertRefusedAsync(cluster.Credentials.CreateExpiredClient());

    [Fact]
    public async Task DotNetClient_OfAnotherAuthority_IsRefusedAsync()
    {
        using var stranger = CredentialSet.Create();
        await AssertRefusedAsync(stranger.Client);

        stranger.TrustAuthorityOf(cluster.Credentials); // and would talk to these silos
        await AssertRefusedAsync(stranger.Client);
    }

    // Whatever listens: a port that is added and lets somebody in is found here.
    [Fact]
    public async Task EveryPort_AskedWithoutCredentialsInEveryProtocol_TellsAndTakesNothingAsync()
    {
        SiloPorts ports = cluster.Silo.Ports;
        IReadOnlySet<int> listening = ListeningPorts.Of(cluster.Silo.ProcessId);
        Assert.Equal(new HashSet<int> { ports.Memcached, ports.Silo, ports.Gateway, ports.Http }, listening);
        string[] words =
        [
            "set intruder 0 0 4\r\nhere\r\nget intruder\r\nstats\r\nversion\r\nflush_all\r\n",
            $"\u0080\u0010{new string('\0', 22)}", // stat, in memcached's binary protocol
            "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "GET /dashboard/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "GET /queues/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "GET /dashboard/DashboardCounters HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer 012345678901234567890123\r\nConnection: close\r\n\r\n",
        ];
        string[] answers = await Task.WhenAll(
            from port in listening from byTls in (bool[])[false, true] from word in words select Intruder.SayAsync(port, byTls, word));

        string[] allowed = ["", "CLIENT_ERROR ", "\u0081\u0010\0\0\0\0\0\u0020", "HTTP/1.1 400", "HTTP/1.1 401"];
        Assert.All(answers, answer => Assert.Contains(
            allowed, start => start.Length == 0 ? answer.Length == 0 : answer.StartsWith(start, StringComparison.Ordinal)));
        Assert.DoesNotContain(answers, answer => answer.Contains("STORED", StringComparison.Ordinal)
            || answer.Contains("STAT", StringComparison.Ordinal) || answer.Contains("granary_", StringComparison.Ordinal));
        Assert.Contains(answers, answer => answer.StartsWith("HTTP/1.1 401", StringComparison.Ordinal));
        await Assert.ThrowsAnyAsync<GranaryException>(() => CredentialSet.ConnectAsync($"127.0.0.1:{ports.Silo}", tls: null));
    }

    [Fact]
    public async Task MemcachedClient_WithItsPassword_IsServedByTlsAndNotInClearAsync()
    {
        string user = cluster.Credentials.MemcachedUser;
        string words = $"set auth 0 0 {user.Length}\r\n{user}\r\nset tls 0 0 1\r\n1\r\nquit\r\n";

        Assert.Equal("STORED\r\nSTORED\r\n", await Intruder.SayAsync(cluster.Silo.Ports.Memcached, byTls: true, words));
        Assert.Empty(await Intruder.SayAsync(cluster.Silo.Ports.Memcached, byTls: false, words));
    }

    [Theory]
    [InlineData("/metrics", "metrics", HttpStatusCode.OK)]
    [InlineData("/metrics", "viewer", HttpStatusCode.OK)]
    [InlineData("/queues/nobodys", "metrics", HttpStatusCode.NotFound)]
    [InlineData("/dashboard/", "metrics", HttpStatusCode.Forbidden)]
    [InlineData("/dashboard/", "viewer", HttpStatusCode.OK)]
    [InlineData("/health/ready", null, HttpStatusCode.OK)]
    [InlineData("/metrics", null, HttpStatusCode.Unauthorized)]
    public async Task Http_ByRole_OpensWhatTheRoleIsForAsync(string path, string? role, HttpStatusCode status)
    {
        using HttpClient http = cluster.NewHttpClient();
        if (role is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cluster.Credentials.TokenOf(role));
        }

        using HttpResponseMessage answer = await http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Metrics_OfASiloWithACertificate_TellHowLongItIsValidAsync()
    {
        using HttpClient http = cluster.NewHttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cluster.Credentials.TokenOf("metrics"));

        string metrics = await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Contains("\ngranary_tls_certificate_remaining_seconds", metrics, StringComparison.Ordinal);
        Assert.Contains("result=\"accepted\"", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Browser_WithATokenAtTheLoginPage_SeesTheDashboardAsync()
    {
        using HttpClient http = cluster.NewHttpClient();
        http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using HttpResponseMessage first = await http.GetAsync("/dashboard/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        string login = first.Headers.Location!.ToString();
        Assert.StartsWith("/login?", login, StringComparison.Ordinal);

        using HttpResponseMessage wrong = await PostAsync(http, login, "012345678901234567890123");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using HttpResponseMessage right = await PostAsync(http, login, cluster.Credentials.TokenOf("viewer"));
        Assert.Equal("/dashboard/", right.Headers.Location?.ToString());
        Assert.Matches("^[^;]+; path=/; secure; samesite=strict; httponly$", right.Headers.GetValues("Set-Cookie").Single());
        using HttpResponseMessage second = await http.GetAsync("/dashboard/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        using HttpResponseMessage gone = await PostAsync(http, "/logout", string.Empty);
        using HttpResponseMessage third = await http.GetAsync("/dashboard/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, third.StatusCode);
    }

    [Fact]
    public async Task Login_LongerThanAnyToken_IsRefusedBeforeItIsReadAsync()
    {
        using HttpClient http = cluster.NewHttpClient();

        using HttpResponseMessage answer = await PostAsync(http, "/login", new string('a', 65 << 10));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Login_ThatLeadsToAnotherHost_LeadsHereAsync()
    {
        using HttpClient http = cluster.NewHttpClient();
        using HttpResponseMessage answer = await PostAsync(
            http, "/login?return=//example.com/", cluster.Credentials.TokenOf("viewer"));
        Assert.Equal("/", answer.Headers.Location?.ToString());
    }

    private async Task AssertRefusedAsync(TlsFiles? tls) =>
        await Assert.ThrowsAnyAsync<GranaryException>(() => CredentialSet.ConnectAsync(cluster.Seeds, tls));

    private static Task<HttpResponseMessage> PostAsync(HttpClient http, string path, string token) => http.PostAsync(
        path,
        new FormUrlEncodedContent([new("token", token)]),
        TestContext.Current.CancellationToken);
}
