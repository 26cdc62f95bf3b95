using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Granary.Client;
using Granary.Client.Queues.Workers;
using Granary.Queues;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds workers to an application.</summary>
public static class QueueWorkerServiceCollectionExtensions
{
    /// <summary>
    /// Adds a worker: while the host runs, each message of a queue is handled by a <typeparamref name="THandler"/> from a
    /// scope of its own. It needs <c>AddGranaryClient</c>.
    /// </summary>
    /// <typeparam name="THandler">Implements <see cref="IMessageHandler{TMessage}"/> once.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="queue">The queue's name, or <c>topic/subscription</c>.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentException">
    /// It is no name of a queue, an option makes no sense, or <typeparamref name="THandler"/> handles no message type or
    /// several.
    /// </exception>
    [RequiresDynamicCode("Finds the message type at run time; name it: AddQueueWorker<THandler, TMessage>.")]
    public static IServiceCollection AddQueueWorker<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] THandler>(
        this IServiceCollection services, string queue, Action<QueueProcessorOptions>? configure = null)
        where THandler : class
    {
        Type[] handled =
        [
            .. typeof(THandler).GetInterfaces()
                .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IMessageHandler<>)),
        ];
        if (handled.Length != 1)
        {
            throw new ArgumentException(
                $"{typeof(THandler)} implements IMessageHandler<TMessage> {handled.Length} times; it must be once, or "
                + "AddQueueWorker<THandler, TMessage> must say which is meant.",
                nameof(services));
        }

        typeof(QueueWorkerServiceCollectionExtensions)
            .GetMethod(nameof(Add), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(typeof(THandler), handled[0].GenericTypeArguments[0])
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [services, queue, configure], null);
        return services;
    }

    /// <summary>As the other overload, with the message type named: for trimming and native AOT.</summary>
    /// <typeparam name="THandler">Handles the messages.</typeparam>
    /// <typeparam name="TMessage">What a body is.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <param name="queue">The queue's name.</param>
    /// <param name="configure">Sets options.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentException">It is no name of a queue, or an option makes no sense.</exception>
    public static IServiceCollection AddQueueWorker<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler, TMessage>(
        this IServiceCollection services, string queue, Action<QueueProcessorOptions>? configure = null)
        where THandler : class, IMessageHandler<TMessage>
    {
        Add<THandler, TMessage>(services, queue, configure);
        return services;
    }

    private static void Add<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler, TMessage>(
        IServiceCollection services, string queue, Action<QueueProcessorOptions>? configure)
        where THandler : class, IMessageHandler<TMessage>
    {
        SubscriptionName.Check(queue);
        QueueProcessorOptions options = new();
        configure?.Invoke(options);
        options.Validate();
        services.TryAddScoped<THandler>();

        // Not AddHostedService: several workers of one handler are several services.
        services.AddSingleton<IHostedService>(provider => new HostedProcessor(() =>
            provider.GetRequiredService<IGranaryQueues>().CreateProcessor(
                queue,
                TypedHandler.Of<TMessage>(new ScopedHandler<THandler, TMessage>(
                    provider.GetRequiredService<IServiceScopeFactory>()).HandleAsync),
                options)));
    }
}
