namespace Granary.Cache.Routing;

/// <summary>Bounds the bytes that many hold at the same time. Thread-safe.</summary>
public interface IByteBudget
{
    /// <summary>Takes bytes.</summary>
    /// <returns><see langword="false"/>, and nothing is taken, if that would be too many.</returns>
    bool TryTake(int bytes);

    /// <summary>Gives them back.</summary>
    void Return(int bytes);
}
