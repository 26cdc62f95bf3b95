namespace Granary.Memcached.Sessions;

/// <summary>
/// What <c>version</c> answers. Clients read the first three numbers to know which commands there are, so they are those
/// of the memcached whose behaviour the protocol follows.
/// </summary>
internal static class ServerVersion
{
    private static readonly string ProductVersion = typeof(ServerVersion).Assembly.GetName().Version!.ToString(3);

    public static string Text { get; } = $"1.6.45-granary-{ProductVersion}";

    /// <summary>The answer of the binary protocol.</summary>
    public static byte[] Bytes { get; } = System.Text.Encoding.ASCII.GetBytes(Text);

    public static byte[] Line { get; } = System.Text.Encoding.ASCII.GetBytes($"VERSION {Text}\r\n");
}
