using System.Text.RegularExpressions;
using UniqueRandom.Server.Configuration;

namespace UniqueRandom.Server.Tests.Deployment;

/// <summary>What the Dockerfile says about the program. That it is sound is a check of its own in .ci/run.</summary>
public sealed partial class DockerfileTests
{
    private readonly string[] lines = DeploymentFiles.ReadDockerfile();

    [Fact]
    public void The_port_is_the_one_that_the_server_listens_on()
    {
        var address = ListenAddresses.Parse(After("ENV ASPNETCORE_URLS="));
        Assert.Equal(After("EXPOSE "), $"{address!.Port}");
        Assert.Contains(Switches.All, known => known.Environment == "ASPNETCORE_URLS");
    }

    [Fact]
    public void The_image_is_small_and_the_server_runs_as_a_user_with_a_volume_of_its_own()
    {
        Assert.EndsWith("-chiseled", lines.Last(line => line.StartsWith("FROM ", StringComparison.Ordinal)));
        Assert.Equal("$APP_UID", After("USER "));
        Assert.Equal(After("WORKDIR /d"), After("VOLUME /d"));
        Assert.Contains(lines, line => Owner().IsMatch(line) && line.EndsWith(" /data", StringComparison.Ordinal));
    }

    [Fact]
    public void The_program_and_its_health_check_start_without_a_shell()
    {
        var program = After("ENTRYPOINT ");
        Assert.Equal("""["/app/UniqueRandom.Server"]""", program);
        Assert.EndsWith($"CMD {program.TrimEnd(']')}, \"health\"]", After("HEALTHCHECK "));
    }

    private string After(string instruction) =>
        lines.Single(line => line.StartsWith(instruction, StringComparison.Ordinal))[instruction.Length..];

    [GeneratedRegex(@"^COPY .*--chown=\$APP_UID:")]
    private static partial Regex Owner();
}
