using System.IO.Pipelines;
using System.Net.Security;

namespace Granary.Security.Transport;

/// <summary>What Orleans reads and writes instead of the connection's own pipes.</summary>
internal sealed class SecuredPipe(SslStream stream) : IDuplexPipe
{
    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
}
