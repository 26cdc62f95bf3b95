namespace Granary.Memcached.Sessions;

/// <summary>How a session, which never awaits, waits for a task: it is resumed, and then looks at the result.</summary>
internal static class Resumption
{
    /// <summary>Resumes after the task, however it ended.</summary>
    public static void After(Task task, Action resume) => _ = ResumeAsync(task, resume);

    /// <summary>The result of a completed task; <see langword="default"/> if a silo could not be reached.</summary>
    public static T? ResultOf<T>(Task<T> task)
    {
        if (task.IsCompletedSuccessfully)
        {
#pragma warning disable RS0030 // it has completed
            return task.Result;
#pragma warning restore RS0030
        }

        return default;
    }

    private static async Task ResumeAsync(Task task, Action resume)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        resume();
    }
}
