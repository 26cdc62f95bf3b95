using System.Text;
using Granary.Memcached.Protocol;
using Granary.Memcached.Server;

namespace Granary.Memcached.Sessions;

/// <summary>Answers <c>stats detail dump</c>: what is counted when it begins, some lines at a time. One thread.</summary>
internal sealed class PrefixDump(PrefixCounts prefixes) : ILongAnswer
{
    private readonly List<string> _lines = prefixes.Read();
    private int _next;

    /// <inheritdoc/>
    public bool IsDone { get; private set; }

    /// <inheritdoc/>
    public void Write(OutputBuffer output, int enoughBytes)
    {
        while (_next < _lines.Count)
        {
            if (output.Length >= enoughBytes)
            {
                return;
            }

            output.Write(Encoding.Latin1.GetBytes(_lines[_next++]));
        }

        output.Write(Reply.End);
        IsDone = true;
    }
}
