using System.CommandLine;
using Granary.CommandLine.Connecting;

namespace Granary.CommandLine.Verbs.Queues;

/// <summary>The verb <c>queue</c>, which has verbs of its own.</summary>
internal static class QueueVerbs
{
    public static Command Create(Surroundings surroundings) =>
        new("queue", "Looks at work queues, and does what operators do with them. A subscription is named TOPIC/SUBSCRIPTION.")
        {
            ListVerb.Create(surroundings),
            PeekVerb.Create(surroundings),
            SendVerb.Create(surroundings),
            RedriveVerb.Create(surroundings),
            PurgeVerb.Create(surroundings),
            PauseVerb.CreatePause(surroundings),
            PauseVerb.CreateResume(surroundings),
        };
}
