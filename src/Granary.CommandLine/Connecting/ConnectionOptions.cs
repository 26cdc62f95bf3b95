using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Granary.CommandLine.Connecting;

/// <summary>The options that every verb has which talks to a cluster.</summary>
internal sealed class ConnectionOptions
{
    private const string ConnectVariable = "GRANARY_CONNECT";
    private const string CredentialsVariable = "GRANARY_CREDENTIALS";
    private const string DefaultSeeds = "127.0.0.1:30000"; // a silo's gateway on this machine
    private const double DefaultSeconds = 10; // GranaryClientOptions.OperationTimeout's
    private const double MaxSeconds = 3600;

    private readonly Option<string> _connect;
    private readonly Option<string> _credentials;
    private readonly Option<double> _timeout;
    private readonly Option<bool> _json;
    private readonly Func<string, string?> _variable;

    public ConnectionOptions(Surroundings surroundings)
    {
        _connect = new Option<string>("--connect")
        {
            Description = "Gateways of one or more silos; the others are learnt from them. Or " + ConnectVariable + ".",
            HelpName = "HOST:PORT[,HOST:PORT]",
            DefaultValueFactory = _ => NotEmpty(surroundings.Variable(ConnectVariable)) ?? DefaultSeeds,
        };
        _credentials = new Option<string>("--credentials")
        {
            Description = "Folder with a client's tls.crt, tls.key and ca.crt, for silos that ask for a certificate. Or "
                + CredentialsVariable + ".",
            HelpName = "FOLDER",
        };
        _timeout = new Option<double>("--timeout")
        {
            Description = "How long to wait for an answer of the cluster.",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => DefaultSeconds,
        };
        _timeout.Validators.Add(static result => CheckRange(result, 0.1, MaxSeconds));
        _json = new Option<bool>("--json") { Description = "Print JSON, and nothing else." };
        _variable = surroundings.Variable;
    }

    /// <summary>Adds them, after the command's own.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_connect);
        command.Options.Add(_credentials);
        command.Options.Add(_timeout);
        command.Options.Add(_json);
    }

    /// <summary>What they say.</summary>
    public ConnectionSettings Read(ParseResult line) => new(
        line.GetValue(_connect)!,
        NotEmpty(line.GetValue(_credentials)) ?? NotEmpty(_variable(CredentialsVariable)),
        TimeSpan.FromSeconds(line.GetValue(_timeout)));

    /// <summary>Whether JSON is wanted.</summary>
    public bool WantsJson(ParseResult line) => line.GetValue(_json);

    /// <summary>Refuses a number that is too small or too large.</summary>
    public static void CheckRange(OptionResult result, double least, double most)
    {
        // What is no number at all has been refused already.
        if (result.Tokens is [{ } token]
            && double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && !(value >= least && value <= most))
        {
            result.AddError(string.Create(
                CultureInfo.InvariantCulture, $"{result.Option.Name} is {token.Value}; it must be from {least} to {most}."));
        }
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
