using Granary.Memcached.Protocol;
using Granary.Store.Entries;
using Granary.Wire;

namespace Granary.Memcached.Sessions;

/// <summary>What a verb is called in the store and on the wire between silos.</summary>
internal static class Operations
{
    public static PutMode ModeOf(Verb verb) => verb switch
    {
        Verb.Add => PutMode.Add,
        Verb.Replace => PutMode.Replace,
        Verb.Append => PutMode.Append,
        Verb.Prepend => PutMode.Prepend,
        Verb.Cas => PutMode.CompareAndSet,
        _ => PutMode.Set,
    };

    public static CacheOperation OperationOf(Verb verb) => verb switch
    {
        Verb.Add => CacheOperation.Add,
        Verb.Replace => CacheOperation.Replace,
        Verb.Append => CacheOperation.Append,
        Verb.Prepend => CacheOperation.Prepend,
        Verb.Cas => CacheOperation.CompareAndSet,
        Verb.Incr => CacheOperation.Increment,
        Verb.Decr => CacheOperation.Decrement,
        Verb.Touch => CacheOperation.Touch,
        Verb.Delete => CacheOperation.Delete,
        Verb.Get or Verb.Gets => CacheOperation.Get,
        Verb.Gat or Verb.Gats => CacheOperation.GetAndTouch,
        _ => CacheOperation.Set,
    };

    public static PlanItemKind KindOf(Verb verb) => verb switch
    {
        Verb.Get or Verb.Gat => PlanItemKind.Get,
        Verb.Gets or Verb.Gats => PlanItemKind.Gets,
        Verb.Cas => PlanItemKind.CompareAndSet,
        Verb.Append or Verb.Prepend => PlanItemKind.Join,
        Verb.Incr => PlanItemKind.Increment,
        Verb.Decr => PlanItemKind.Decrement,
        Verb.Touch => PlanItemKind.Touch,
        Verb.Delete => PlanItemKind.Delete,
        _ => PlanItemKind.Store,
    };
}
