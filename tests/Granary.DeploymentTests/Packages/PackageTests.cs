using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Reflection.Metadata;
using System.Xml.Linq;

namespace Granary.DeploymentTests.Packages;

/// <summary>The packages as <c>dotnet pack</c> makes them, and an application that has Granary from them.</summary>
public sealed class PackageTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    // Of the format of portable symbols.
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    [Fact]
    public void Packages_AreThoseOfTheProduct() => Assert.Equal(
        [
            "Granary.Abstractions", "Granary.Administration", "Granary.AspNetCore", "Granary.Cache", "Granary.Client",
            "Granary.Clustering", "Granary.Console", "Granary.FusionCache", "Granary.Instrumentation", "Granary.Memcached",
            "Granary.Queues", "Granary.Security", "Granary.Server", "Granary.Store", "Granary.Streams", "Granary.Tool",
        ],
        packages.Names);

    [Fact]
    public void Package_HasWhatItsUsersLookFor()
    {
        Assert.All(packages.Names, name =>
        {
            using ZipArchive package = ZipFile.OpenRead(packages.PathOf(name, ".nupkg"));
            string[] files = [.. package.Entries.Select(entry => entry.FullName)];
            Assert.Contains("README.md", files, StringComparer.Ordinal);
            Assert.Contains("icon.png", files, StringComparer.Ordinal);
            using Stream specification = package.GetEntry($"{name}.nuspec")!.Open();
            XElement metadata = XDocument.Load(specification).Root!.Elements().Single();
            XNamespace space = metadata.Name.Namespace;
            Assert.Equal("MIT", metadata.Element(space + "license")!.Value);
            Assert.NotEqual("Package Description", metadata.Element(space + "description")!.Value, StringComparer.Ordinal);
            if (Path.Exists(RepositoryRoot.Combine(".git")))
            {
                Assert.Matches("^[0-9a-f]{40}$", metadata.Element(space + "repository")!.Attribute("commit")!.Value);
            }

            if (name is "Granary.Server" or "Granary.Tool")
            {
                return;
            }

            Assert.Contains($"lib/net10.0/{name}.dll", files, StringComparer.Ordinal);
            Assert.Contains($"lib/net10.0/{name}.xml", files, StringComparer.Ordinal);
            using ZipArchive symbols = ZipFile.OpenRead(packages.PathOf(name, ".snupkg"));
            Assert.True(HasSources(symbols.GetEntry($"lib/net10.0/{name}.pdb")!), $"A debugger finds no source of {name}.");
        });
    }

    [Fact]
    public async Task Application_WithThePackages_UsesAllOfThemAsync()
    {
        string folder = packages.CopyConsumer();
        await PackedPackages.RunDotnetAsync(["build", folder, .. packages.RestoreProperties], Deadline);
        string output = await PackedPackages.RunDotnetAsync(
            [Path.Combine(folder, "bin/Debug/net10.0/Consumer.dll"), .. FreePorts(3).Select(port => $"{port}")], Deadline);

        Assert.Equal(
            """
            cache: hello
            memcached: STORED VALUE other 0 5 world END 
            queue: to you
            output cache: a page
            streams: it rains
            console: 200
            """,
            output);
    }

    private static bool HasSources(ZipArchiveEntry symbols)
    {
        using var file = new MemoryStream();
        using (Stream compressed = symbols.Open())
        {
            compressed.CopyTo(file);
        }

        file.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(file);
        MetadataReader reader = provider.GetMetadataReader();
        return reader.Documents.Count > 0 && reader.Documents.All(document => reader.GetCustomDebugInformation(document)
            .Any(information => reader.GetGuid(reader.GetCustomDebugInformation(information).Kind) == EmbeddedSource));
    }

    private static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        Array.ForEach(listeners, listener => listener.Dispose());
        return ports;
    }
}
