using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Granary.Security.Tests;

/// <summary>A connection in memory, its two ends.</summary>
internal sealed class Link
{
    public Link()
    {
        var there = new Pipe();
        var back = new Pipe();
        Connecting = new DefaultConnectionContext("connecting", new End(back.Reader, there.Writer), new End(back.Reader, there.Writer));
        Accepting = new DefaultConnectionContext("accepting", new End(there.Reader, back.Writer), new End(there.Reader, back.Writer));
    }

    public DefaultConnectionContext Connecting { get; }

    public DefaultConnectionContext Accepting { get; }

    private sealed class End(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
