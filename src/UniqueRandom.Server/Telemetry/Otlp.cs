using System.Globalization;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Telemetry;

/// <summary>
/// What the standard variables of OpenTelemetry say of OTLP. Its SDK reads those of all signals; this reads those of one signal,
/// which have precedence.
/// </summary>
internal static class Otlp
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    /// <summary>Finds out how a signal, such as <c>METRICS</c>, is sent.</summary>
    /// <returns>Applies the variables of the signal; null if it has no endpoint, or is turned off.</returns>
    /// <exception cref="StartException">The endpoint, the protocol or the timeout is not valid.</exception>
    public static Action<OtlpExporterOptions>? Find(IConfiguration configuration, string signal)
    {
        var (common, endpoint) = (ReadEndpoint(configuration, "ENDPOINT"), ReadEndpoint(configuration, $"{signal}_ENDPOINT"));
        if (configuration[$"OTEL_{signal}_EXPORTER"] == "none" || (common ?? endpoint) is null)
            return null;
        var protocol = ReadProtocol(configuration, $"{signal}_PROTOCOL");
        var timeout = ReadTimeout(configuration, $"{signal}_TIMEOUT");
        var headers = configuration[$"{Prefix}{signal}_HEADERS"];
        return options =>
        {
            options.Protocol = protocol ?? options.Protocol;
            options.Headers = headers ?? options.Headers;
            options.TimeoutMilliseconds = timeout ?? options.TimeoutMilliseconds;
            if (endpoint is not null)
                options.Endpoint = endpoint;
        };
    }

    /// <summary>The name of the service, unless the standard variables give it another one.</summary>
    public static void DescribeServer(ResourceBuilder resource) =>
        resource.Clear().AddService("uniquerandom").AddTelemetrySdk().AddEnvironmentVariableDetector();

    private static Uri? ReadEndpoint(IConfiguration configuration, string name) => configuration[Prefix + name] switch
    {
        null or "" => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" => address,
        var text => throw Refused(name, "an address like http://127.0.0.1:4317", text),
    };

    private static OtlpExportProtocol? ReadProtocol(IConfiguration configuration, string name) =>
        configuration[Prefix + name] switch
        {
            null or "" => null,
            "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            var text => throw Refused(name, "grpc or http/protobuf", text),
        };

    private static int? ReadTimeout(IConfiguration configuration, string name) => configuration[Prefix + name] switch
    {
        null or "" => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) => milliseconds,
        var text => throw Refused(name, "a number of milliseconds", text),
    };

    private static StartException Refused(string name, string rule, string text) =>
        new($"{Prefix}{name} must be {rule}, and is '{text}'.");
}
