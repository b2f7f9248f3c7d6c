using System.CommandLine;

namespace UniqueRandom.Server.Terminal;

/// <summary>The server that a verb calls: its switches, and the client.</summary>
internal static class Connection
{
    public const string UrlVariable = "UNIQUERANDOM_URL";
    public const string KeyVariable = "UNIQUERANDOM_KEY";

    private const string DefaultUrl = "http://127.0.0.1:8000";
    private const long DefaultTimeout = 30;
    private const long LongestTimeout = 86_400;

    /// <summary>After this time without an answer the request is sent again, perhaps to another server.</summary>
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    public static readonly Option<string?> Url = Inputs.Text(
        "--url",
        $"The address of the server. Default: the variable {UrlVariable}, or {DefaultUrl}.",
        "ADDRESS",
        text => Parse(text) is not null,
        UrlRule);

    public static readonly Option<long> Timeout = CreateTimeout();

    public static readonly Option<string?> KeyFile = Inputs.File(
        "--key-file", $"A file with the access key. Default: the key in the variable {KeyVariable}, or none.");

    private const string UrlRule = "must be an address such as https://numbers.example.com";

    /// <exception cref="TerminalException">The address is not valid.</exception>
    public static Uri ReadUrl(ParseResult arguments)
    {
        var (name, text) = arguments.GetValue(Url) is { } given ? (Url.Name, given) : (UrlVariable, Variable(UrlVariable));
        return Parse(text ?? DefaultUrl) ?? throw new TerminalException(ExitCodes.BadInput, $"{name} {UrlRule}; it is '{text}'.");
    }

    /// <summary>Reads the access key. Messages omit it.</summary>
    /// <exception cref="TerminalException">The key is not valid, or the file can't be read.</exception>
    public static string? ReadKey(ParseResult arguments)
    {
        var file = arguments.GetValue(KeyFile);
        if ((file is null ? Variable(KeyVariable) : ReadFile(file)) is not { } key)
            return null;
        return key.Length > 0 && !key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? key
            : throw new TerminalException(
                ExitCodes.BadInput, $"{(file is null ? KeyVariable : $"The file {file}")} must have an access key in one line.");
    }

    /// <summary>Creates a client that tries again until it is canceled.</summary>
    /// <param name="url">The address of the server.</param>
    /// <param name="key">The access key, or null.</param>
    /// <param name="attempts">Learns why attempts fail.</param>
    public static ServiceProvider Connect(Uri url, string? key, AttemptWatch attempts)
    {
        var services = new ServiceCollection();
        services.AddUniqueRandomClient(options =>
        {
            options.BaseAddress = url;
            options.AccessKey = key;
            options.AttemptTimeout = AttemptTimeout;
        }).AddHttpMessageHandler(() => new AttemptHandler(attempts));
        return services.BuildServiceProvider();
    }

    private static Option<long> CreateTimeout()
    {
        var timeout = Inputs.Integer("--timeout", "How long to try, in seconds.", "SECONDS", 1, LongestTimeout);
        timeout.DefaultValueFactory = _ => DefaultTimeout;
        return timeout;
    }

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", Query: "", Fragment: "" }
            ? url
            : null;

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;

    private static string ReadFile(string file)
    {
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new TerminalException(ExitCodes.BadInput, $"Can't read the access key: {error.Message}", error);
        }
    }
}
