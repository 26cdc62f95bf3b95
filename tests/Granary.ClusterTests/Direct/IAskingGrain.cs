namespace Granary.ClusterTests.Direct;

/// <summary>An application's grain that uses the cache of its silo.</summary>
public interface IAskingGrain : IGrainWithIntegerKey
{
    /// <summary>The values of keys, with commas between.</summary>
    Task<string> AskAsync(string[] keys);
}
