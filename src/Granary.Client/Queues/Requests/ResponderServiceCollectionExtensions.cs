using Granary.Client;
using Granary.Client.Queues.Workers;
using Granary.Queues;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds responders to an application.</summary>
public static class ResponderServiceCollectionExtensions
{
    /// <summary>
    /// Adds a responder: while the host runs, each request of a queue (<see cref="IQueueRequester"/>) is answered. One that
    /// throws leaves the request to be tried again, by this or another responder. It needs <c>AddGranaryClient</c>.
    /// </summary>
    /// <typeparam name="TRequest">What a request's body is.</typeparam>
    /// <typeparam name="TReply">What is answered.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="queue">The queue's name.</param>
    /// <param name="respond">Answers. It may be asked the same twice.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentException">It is no name of a queue, or an option makes no sense.</exception>
    public static IServiceCollection AddResponder<TRequest, TReply>(
        this IServiceCollection services,
        string queue,
        Func<TRequest, CancellationToken, Task<TReply>> respond,
        Action<QueueProcessorOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(respond);
        QueueLimits.CheckName(queue);
        QueueProcessorOptions options = new();
        configure?.Invoke(options);
        options.Validate();

        // Not AddHostedService: several responders are several services.
        return services.AddSingleton<IHostedService>(provider => new HostedProcessor(
            () => provider.GetRequiredService<IGranaryQueues>().CreateResponder(queue, respond, options)));
    }
}
