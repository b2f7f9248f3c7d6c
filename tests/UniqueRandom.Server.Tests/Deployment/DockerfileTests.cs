using System.Text.RegularExpressions;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Processes;

namespace UniqueRandom.Server.Tests.Deployment;

/// <summary>What the Dockerfile says about the program. That it is sound is a check of its own in .ci/run.</summary>
public sealed partial class DockerfileTests
{
    private readonly string[] instructions = Join(DeploymentFiles.ReadDockerfile());

    [Fact]
    public async Task The_server_listens_on_the_port_and_writes_no_dumps()
    {
        var variables = After("ENV ").Split(' ').Select(variable => variable.Split('=', 2)).ToDictionary(
            variable => variable[0], variable => variable[1]);
        var address = ListenAddresses.Parse(variables["ASPNETCORE_URLS"]);
        Assert.Equal(After("EXPOSE "), $"{address!.Port}");
        Assert.Equal("0", variables["DOTNET_EnableDiagnostics"]);

        var port = $"{LoopbackPort.Take()}";
        variables["ASPNETCORE_URLS"] = variables["ASPNETCORE_URLS"].Replace(After("EXPOSE "), port, StringComparison.Ordinal);
        // The image listens on all addresses, for which the server requires a key.
        foreach (var (name, value) in KeyHolder.Environment(new KeyHolder("shop", "draw")))
            variables[name] = value;
        using var directory = new TemporaryDirectory();
        await using var server = ServerProcess.LaunchExactly([], directory, variables, "--maximum", "10");
        Assert.EndsWith($":{port}", await server.LineAsync("Serving pool"));
    }

    [Fact]
    public void The_image_is_small_and_the_server_runs_as_a_user_with_a_volume_of_its_own()
    {
        Assert.EndsWith("-chiseled", instructions.Last(line => line.StartsWith("FROM ", StringComparison.Ordinal)));
        Assert.Equal("$APP_UID", After("USER "));
        Assert.Equal("/data", After("WORKDIR "));
        Assert.Equal("/data", After("VOLUME "));
        Assert.Contains(instructions, line => Owner().IsMatch(line) && line.EndsWith(" /data", StringComparison.Ordinal));
    }

    [Fact]
    public void The_program_and_its_health_check_start_without_a_shell()
    {
        var program = After("ENTRYPOINT ");
        Assert.Equal("""["/app/UniqueRandom.Server"]""", program);
        Assert.EndsWith($"CMD {program.TrimEnd(']')}, \"health\"]", After("HEALTHCHECK "));
    }

    /// <summary>Returns the arguments of the last instruction of a name: each stage of the build has its own.</summary>
    private string After(string instruction) =>
        instructions.Last(line => line.StartsWith(instruction, StringComparison.Ordinal))[instruction.Length..];

    /// <summary>Joins lines that are continued, without comments.</summary>
    private static string[] Join(string[] lines) => Continuation().Replace(
        string.Join('\n', lines.Where(line => !line.StartsWith('#'))), " ").Split('\n');

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continuation();

    [GeneratedRegex(@"^COPY .*--chown=\$APP_UID:")]
    private static partial Regex Owner();
}
