using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Granary.Silo.Hosting;
using Granary.Silo.Settings;
using Granary.Tests.Shared.Manifests.AddOns;
using k8s.Models;

namespace Granary.DeploymentTests.Manifests;

/// <summary>
/// Whether what watches a cluster is wired to it. That the metrics it names are there is tested on a silo, in
/// Granary.ClusterTests.
/// </summary>
public sealed partial class MonitoringTests
{
    private const string PagesFolder = "docs/alerts";

    [Fact]
    public async Task Alerts_AllOfThem_HaveAPageAndEachPageAnAlertAsync()
    {
        AlertRule[] alerts = await AlertsAsync();

        Assert.All(alerts, static alert =>
        {
            string runbook = alert.Annotations["runbook"];
            Assert.Equal($"{PagesFolder}/{alert.Alert}.md", runbook);
            string page = File.ReadAllText(RepositoryRoot.Combine(runbook));
            Assert.StartsWith($"# {alert.Alert}\n", page, StringComparison.Ordinal);
            Assert.Contains(OneLine(alert.Expr), page, StringComparison.Ordinal);
            Assert.All(
                (string[])["## What it means", "## What to look at", "## What to do"],
                part => Assert.Contains($"\n{part}\n", page, StringComparison.Ordinal));
        });
        Assert.Equivalent(
            alerts.Select(static alert => $"{alert.Alert}.md"),
            Directory.EnumerateFiles(RepositoryRoot.Combine(PagesFolder)).Select(Path.GetFileName),
            strict: true);
    }

    [Fact]
    public async Task Alerts_AllOfThem_SayHowBadItIsAndWhatInOneSentenceAsync() => Assert.All(await AlertsAsync(), static alert =>
    {
        Assert.Contains(alert.Labels["severity"], (string[])["critical", "warning"], StringComparer.Ordinal);
        Assert.EndsWith(".", alert.Annotations["summary"], StringComparison.Ordinal);
    });

    [Fact]
    public async Task Expressions_OfAlertsAndDashboard_AreWhatPrometheusReadsAsync()
    {
        string[] expressions =
        [
            .. (await AlertsAsync()).Select(static alert => OneLine(alert.Expr)),
            .. (await PanelsAsync())
                .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
                .Select(static target => target.GetProperty("expr").GetString()!)
                .Select(static text => text.Replace("$__rate_interval", "1m", StringComparison.Ordinal)), // Grafana's
        ];

        string last = await NodePackages.RunAsync("promql.mjs", string.Join('\n', expressions));

        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{expressions.Length} expressions"), last);
    }

    [Fact]
    public async Task Panels_OfTheDashboard_LieBesideEachOtherAsync()
    {
        JsonElement[] panels = await PanelsAsync();

        Assert.Equal(panels.Length, panels.Select(static panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.Equal(panels.Length, panels.Select(static panel => $"{panel.GetProperty("gridPos")}").Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Monitor_OfTheSilos_FindsTheServiceThatHasThemAllAsync()
    {
        Overlay overlay = await Overlay.RenderAsync(Overlay.Monitored);
        ServiceMonitorSpec monitor = overlay.Only<ServiceMonitor>("granary").Spec;

        V1Service service = Assert.Single(
            overlay.All<V1Service>(),
            candidate => monitor.Selector.MatchLabels.All(label => candidate.Metadata.Labels.Contains(label)));
        MonitorEndpoint endpoint = Assert.Single(monitor.Endpoints);
        Assert.Equal(Assert.Single(service.Spec.Ports).Name, endpoint.Port);
        Assert.Equal(Telemetry.MetricsPath, endpoint.Path);
        Assert.Equal("https", endpoint.Scheme);
        Assert.Contains(endpoint.TlsConfig.ServerName, await SiloNamesAsync(), StringComparer.Ordinal);
        Assert.True(service.Spec.PublishNotReadyAddresses);
        Assert.Equal("granary", service.Metadata.Labels[monitor.JobLabel]); // job="granary"
    }

    [Fact]
    public async Task Certificates_OfCertManager_AreGoodForWhatTheyAreMountedForAsync()
    {
        IssuedCertificate[] certificates = (await Overlay.RenderAsync(Overlay.Certified)).All<IssuedCertificate>();

        Assert.Equivalent(
            new[] { "digital signature", "server auth", "client auth" },
            certificates.Single(static one => one.Spec.SecretName == "granary-tls").Spec.Usages,
            strict: true);
        Assert.Equivalent(
            new[] { "digital signature", "client auth" },
            certificates.Single(static one => one.Spec.SecretName == "granary-client").Spec.Usages,
            strict: true);
    }

    [Fact]
    public async Task Scaler_OfTheExample_ScalesItsWorkersByWhatTheSilosAnswerAsync()
    {
        Overlay silos = await Overlay.RenderAsync(Overlay.Monitored);
        Overlay example = await Overlay.RenderExampleAsync("worker");
        ScaledObjectSpec scaler = Assert.Single(example.All<ScaledObject>()).Spec;
        V1Deployment workers = Assert.Single(example.All<V1Deployment>());

        Assert.Equal(workers.Metadata.Name, scaler.ScaleTargetRef["name"]);
        Assert.Null(workers.Spec.Replicas);
        ScaleTrigger trigger = Assert.Single(scaler.Triggers);
        Assert.Equal("metrics-api", trigger.Type);
        var url = new Uri(trigger.Metadata["url"]);
        V1Service service = Assert.Single(
            silos.All<V1Service>(), one => url.Host == $"{one.Metadata.Name}.{one.Metadata.NamespaceProperty}");
        Assert.Equal(url.Port, Assert.Single(service.Spec.Ports).Port);
        Assert.Equal((Uri.UriSchemeHttps, "bearer"), (url.Scheme, trigger.Metadata["authMode"]));
        Assert.Contains(url.Host, await SiloNamesAsync(), StringComparer.Ordinal);
        Assert.Equal(Assert.Single(example.All<TriggerAuthentication>()).Metadata.Name, trigger.AuthenticationRef["name"]);
        int parts = QueueEndpoints.DepthPath.Split('/').Length; // the last, a subscription, is of topics only
        Assert.InRange(url.AbsolutePath.Split('/').Length, parts - 1, parts);
        Assert.StartsWith(QueueEndpoints.DepthPath.Split('{')[0], url.AbsolutePath, StringComparison.Ordinal);
        Assert.Contains(
            trigger.Metadata["valueLocation"],
            typeof(QueueDepth).GetProperties().Select(static property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Example_AgainstTheSchemas_IsValidAsync()
    {
        Overlay example = await Overlay.RenderExampleAsync("worker");

        Assert.Equal("3 objects", await NodePackages.RunAsync("validate.mjs", example.Text));
    }

    [Fact]
    public async Task Workers_OfTheExample_AreLetThroughToTheSilosAsync()
    {
        Overlay silos = await Overlay.RenderAsync(Overlay.Monitored);
        V1Deployment workers = Assert.Single((await Overlay.RenderExampleAsync("worker")).All<V1Deployment>());

        Assert.Contains(
            silos.Only<V1NetworkPolicy>("granary").Spec.Ingress.SelectMany(static rule => rule.FromProperty),
            peer => peer.NamespaceSelector is { MatchLabels: null, MatchExpressions: null }
                && peer.PodSelector.MatchLabels.All(label => workers.Spec.Template.Metadata.Labels.Contains(label)));
    }

    [Fact]
    public async Task Collector_ThatTheSilosAreTold_IsOneThatTheyReachAsync()
    {
        Overlay overlay = await Overlay.RenderAsync(Overlay.Monitored);

        var collector = new Uri(Assert.Single(overlay.Silo.Env, static variable => variable.Name == "Granary__Otlp").Value);

        Assert.Equal("Granary__Otlp", SiloOptions.Otlp.Key.Replace(":", "__", StringComparison.Ordinal));
        Assert.Single(
            overlay.Only<V1NetworkPolicy>("granary").Spec.Egress,
            rule => rule.Ports.Any(port => port.Port.Value == $"{collector.Port}")
                && rule.To.Any(peer => collector.Host.EndsWith(
                    $".{peer.NamespaceSelector?.MatchLabels["kubernetes.io/metadata.name"]}", StringComparison.Ordinal)));
    }

    // Those that the component cert-manager has silos issued a certificate for; the README's command asks for the same.
    private static async Task<List<string>> SiloNamesAsync() => (await Overlay.RenderAsync(Overlay.Certified))
        .All<IssuedCertificate>()
        .Single(static one => one.Spec.SecretName == "granary-tls")
        .Spec.DnsNames;

    private static async Task<AlertRule[]> AlertsAsync() =>
    [
        .. (await Overlay.RenderAsync(Overlay.Monitored)).Only<PrometheusRule>("granary").Spec.Groups
            .SelectMany(static group => group.Rules),
    ];

    // Those that show something.
    private static async Task<JsonElement[]> PanelsAsync()
    {
        V1ConfigMap map = (await Overlay.RenderAsync(Overlay.Monitored)).Only<V1ConfigMap>("granary-dashboard");
        Assert.Equal("1", map.Metadata.Labels["grafana_dashboard"]);
        using var dashboard = JsonDocument.Parse(Assert.Single(map.Data).Value);
        return
        [
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray()
                .Where(static panel => panel.GetProperty("type").GetString() != "row")
                .Select(static panel => panel.Clone()),
        ];
    }

    private static string OneLine(string expression) => Spaces().Replace(expression, " ");

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Spaces();
}
