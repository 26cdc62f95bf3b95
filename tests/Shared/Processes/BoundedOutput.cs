namespace Granary.Tests.Shared.Processes;

/// <summary>The last lines that a process wrote. Safe for concurrent use.</summary>
internal sealed class BoundedOutput
{
    private const int MostLines = 500;
    private const int MostCharactersOfALine = 2000;

    private readonly Queue<string> _lines = new();
    private readonly Lock _lock = new();

    public void Add(string line)
    {
        lock (_lock)
        {
            if (_lines.Count == MostLines)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line.Length <= MostCharactersOfALine ? line : line[..MostCharactersOfALine]);
        }
    }

    public string[] Lines()
    {
        lock (_lock)
        {
            return [.. _lines];
        }
    }

    public override string ToString() => string.Join('\n', Lines());
}
