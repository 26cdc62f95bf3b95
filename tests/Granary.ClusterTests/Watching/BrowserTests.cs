using System.Text.Json;
using Granary.Client;
using Granary.ClusterTests.Security;
using Granary.ClusterTests.Silos;
using Granary.Tests.Shared.Node;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClusterTests.Watching;

/// <summary>The console in a real browser: every page, in light and dark, and an operator who has no mouse.</summary>
public sealed class BrowserTests(ITestOutputHelper output)
{
    private const int MaxFirstBytes = 300 << 10;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Console_InChromium_HasNoErrorAndNoViolationAndActsByTheKeyboardAsync()
    {
        string chromium = RequiredProgram.Locate("chromium");
        await using SiloProcess silo = await SiloProcess.StartAsync("a", "64MiB", primary: null);
        await DeadLetterAsync(silo, "poisoned");
        string shots = ChildProcess.CreateFolder();

        string told = await NodeScript.RunAsync(
            Path.Combine("Watching", "browse.mjs"),
            ["playwright-core", "axe-core"],
            Deadline,
            chromium,
            $"http://127.0.0.1:{silo.Ports.Http}/",
            "poisoned",
            shots);

        output.WriteLine(told);
        JsonElement found = JsonDocument.Parse(told).RootElement;
        Assert.Equal(14, found.GetProperty("opened").GetArrayLength());
        Assert.Empty(found.GetProperty("errors").EnumerateArray());
        Assert.Empty(found.GetProperty("violations").EnumerateArray());
        Assert.Empty(found.GetProperty("strangers").EnumerateArray());
        Assert.InRange(found.GetProperty("firstBytes").GetInt32(), 50 << 10, MaxFirstBytes);
        Assert.Contains("Healthy", found.GetProperty("verdict").GetString(), StringComparison.Ordinal);
        Assert.Contains("1", found.GetProperty("acted").GetString(), StringComparison.Ordinal);
        using var console = ConsoleReader.Of(silo);
        JsonElement audit = await console.GetAsync("console/audit");
        Assert.Equal("redrive", Assert.Single(audit.GetProperty("entries").EnumerateArray()).GetProperty("action").GetString());
    }

    private static async Task DeadLetterAsync(SiloProcess silo, string queue)
    {
        using IHost client = await CredentialSet.ConnectAsync($"{silo.Gateway}", tls: null);
        IGranaryQueues queues = client.Services.GetRequiredService<IGranaryQueues>();
        await queues.CreateSender(queue).SendAsync(QueueMessage.Of("poison"));
        IQueueReceiver receiver = queues.CreateReceiver(queue);
        await receiver.DeadLetterAsync((await receiver.ReceiveAsync(1, TimeSpan.FromSeconds(10)))[0], "broken");
        await client.StopAsync();
    }
}
