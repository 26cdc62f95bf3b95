namespace Granary.Cache.Tests.Simulation;

/// <summary>Calls between silos: delayed, reordered, lost on the way there or back, refused by who is not there.</summary>
internal sealed class SimulatedNetwork(SimulatedClock clock)
{
    private const int CallTimeout = 500;

    /// <summary>One message in so many is lost; 0 for none.</summary>
    public int LossOneIn { get; set; }

    public void Call<TReply>(
        SimulatedSilo from, SimulatedSilo to, Func<TReply> request, Action<TReply> answered, Action failed)
    {
        bool isOver = false;
        void End(Action action)
        {
            from.WhenRunning(() =>
            {
                if (!isOver)
                {
                    isOver = true;
                    action();
                }
            });
        }

        clock.After(CallTimeout, () => End(failed));
        if (clock.OneIn(LossOneIn))
        {
            return;
        }

        clock.After(Delay(), () => to.WhenRunning(() =>
        {
            if (to.RefusesCallsFrom(from))
            {
                clock.After(Delay(), () => End(failed));
                return;
            }

            TReply reply = request();
            if (!clock.OneIn(LossOneIn))
            {
                clock.After(Delay(), () => End(() => answered(reply)));
            }
        }));
    }

    private int Delay() => clock.OneIn(20) ? clock.Random.Next(200) : clock.Random.Next(1, 5);
}
