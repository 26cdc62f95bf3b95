using System.Globalization;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Processes;

/// <summary>A wall clock of a process's own, by libfaketime: it can be set while the monotonic clock goes on.</summary>
internal sealed class FakeClock : IDisposable
{
    private readonly string _folder = ChildProcess.CreateFolder();
    private readonly string _library;

    private FakeClock(string library)
    {
        _library = library;
        Set(TimeSpan.Zero);
    }

    /// <summary>Skips the running test where libfaketime is not installed.</summary>
    public static FakeClock Create() => new(RequiredProgram.LocateFakeTime());

    /// <summary>For a silo that has this clock.</summary>
    public SiloPlace Place => new()
    {
        Environment =
        [
            ("LD_PRELOAD", _library),
            ("FAKETIME_TIMESTAMP_FILE", OffsetFile),
            ("FAKETIME_CACHE_DURATION", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("FAKETIME_FORCE_MONOTONIC_FIX", "0"), // else waits of the monotonic clock end at once, again and again
        ],
    };

    private string OffsetFile => Path.Combine(_folder, "offset");

    /// <summary>Sets the clock; processes that have it follow within a second.</summary>
    /// <param name="offset">From the machine's clock.</param>
    public void Set(TimeSpan offset)
    {
        string next = $"{OffsetFile}.new";
        File.WriteAllText(next, offset.TotalSeconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture));
        File.Move(next, OffsetFile, overwrite: true);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
