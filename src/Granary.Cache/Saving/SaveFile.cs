using Granary.Store.Saving;

namespace Granary.Cache.Saving;

/// <summary>The file that outlives a silo's stop. One thread.</summary>
/// <param name="path">Its path; others beside it begin with that.</param>
internal sealed class SaveFile(string path)
{
    // Large blocks come and go already.
    private const int NoBuffer = 0;

    private readonly string _new = path + ".new";
    private readonly string _damaged = path + ".damaged";

    public string Path { get; } = path;

    public bool Exists => File.Exists(Path);

    public long Bytes => new FileInfo(Path).Length;

    /// <summary>Writes a file beside it and sees it safely on the disk: <see cref="Commit"/> it.</summary>
    /// <returns>What <paramref name="write"/> returned.</returns>
    public long Write(Func<Stream, long> write)
    {
        try
        {
            Discard();
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = NoBuffer };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // everybody's values are in it
            }

            using var stream = new FileStream(_new, options);
            long result = write(stream);
            stream.Flush(flushToDisk: true);
            return result;
        }
        catch
        {
            TryDiscard();
            throw;
        }
    }

    /// <summary>Makes what was written the file, in one step. If the power fails before its name is on the disk it is a miss.</summary>
    public void Commit() => File.Move(_new, Path, overwrite: true);

    /// <summary>Deletes what was written, or what an earlier silo had no time to finish.</summary>
    public void Discard() => File.Delete(_new);

    public FileStream OpenRead() => new(Path, new FileStreamOptions
    {
        BufferSize = NoBuffer,
        Options = FileOptions.SequentialScan,
    });

    /// <summary>
    /// Deletes the file for good. What it says is old as soon as the silo serves, and must not come back after a crash; nor
    /// after a failure of the power that undoes the deletion, so it is marked on the disk before.
    /// </summary>
    public void Consume()
    {
        using (var stream = new FileStream(Path, FileMode.Open, FileAccess.Write))
        {
            SavedStore.MarkUsed(stream);
            stream.Flush(flushToDisk: true);
        }

        File.Delete(Path);
    }

    /// <summary>Renames a file that cannot be read, for a person to look at.</summary>
    /// <returns>Its new path.</returns>
    public string SetAside()
    {
        File.Move(Path, _damaged, overwrite: true);
        return _damaged;
    }

    // What went wrong before is what has to be told.
    private void TryDiscard()
    {
        try
        {
            Discard();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
