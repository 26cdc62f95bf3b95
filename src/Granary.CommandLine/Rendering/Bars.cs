using Spectre.Console;

namespace Granary.CommandLine.Rendering;

/// <summary>Shows how far something is that takes its time.</summary>
internal static class Bars
{
    /// <summary>Runs it, with a bar if a person looks.</summary>
    /// <param name="terminal">Where.</param>
    /// <param name="title">What is done.</param>
    /// <param name="total">When it is at its end.</param>
    /// <param name="work">Tells how far it is.</param>
    public static async Task<T> RunAsync<T>(ITerminal terminal, string title, double total, Func<Action<double>, Task<T>> work)
    {
        if (!terminal.IsRich)
        {
            return await work(static _ => { });
        }

        T? result = default;
        await terminal.Console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask task = context.AddTask(Markup.Escape(title), maxValue: Math.Max(total, 1));
                result = await work(done => task.Value = done);
                task.Value = task.MaxValue;
            });
        return result!;
    }
}
