namespace Granary.StreamSilo;

/// <summary>Subscribes to the stream that its key names, after its own name and a bar.</summary>
[Alias("granary.test.IExplicitRecorder")]
public interface IExplicitRecorder : IGrainWithStringKey
{
    [Alias("Subscribe")]
    Task SubscribeAsync();
}
