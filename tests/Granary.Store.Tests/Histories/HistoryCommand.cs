namespace Granary.Store.Tests.Histories;

internal enum HistoryCommand
{
    Get,
    Set,
    Append,
    Increment,
    CompareAndSet,
    Delete,
}
