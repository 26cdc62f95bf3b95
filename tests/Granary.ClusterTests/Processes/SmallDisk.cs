namespace Granary.ClusterTests.Processes;

/// <summary>A file system of its own that is soon full; in memory, as root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("granary-disk-");

    public string Folder => _folder.FullName;

    private string Ballast => Path.Combine(Folder, "ballast");

    /// <summary>Makes it; skips the running test where that cannot be.</summary>
    /// <param name="mebibytes">Its size.</param>
    public static async Task<SmallDisk> MountAsync(int mebibytes)
    {
        var disk = new SmallDisk();
        (int exitCode, string output) = await SystemCommand.TryRunAsync(
            "mount", $"-t tmpfs -o size={mebibytes}m tmpfs {disk.Folder}");
        if (exitCode != 0)
        {
            disk._folder.Delete();
            Assert.Skip($"No file system can be mounted: 'mount' needs CAP_SYS_ADMIN. {output}");
        }

        return disk;
    }

    /// <summary>Somebody else takes all that is free.</summary>
    public void Fill()
    {
        byte[] block = new byte[4096];
        using FileStream ballast = new(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                ballast.Write(block);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>That is given back.</summary>
    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await SystemCommand.RunAsync("umount", Folder);
        _folder.Delete();
    }
}
