using System.Diagnostics;
using System.Net;
using System.Reflection;
using UniqueRandom.Server.Configuration;
using UniqueRandom.Server.Tests.Client;
using UniqueRandom.Testing.Files;
using UniqueRandom.Testing.Http;
using UniqueRandom.Testing.Network;
using UniqueRandom.Testing.Postgres;
using UniqueRandom.Testing.Processes;
using static UniqueRandom.Server.Tests.Deployment.KubernetesManifest;

namespace UniqueRandom.Server.Tests.Deployment;

/// <summary>The parts of the manifest agree with each other and with the server.</summary>
public sealed class KubernetesTests(PostgresServer postgres)
{
    private readonly KubernetesManifest manifest = new();

    [Fact]
    public void Selectors_match_the_labels_of_the_nodes()
    {
        var labels = Get(manifest.Find("StatefulSet"), "spec", "template", "metadata", "labels");
        Assert.Equal(labels, Get(manifest.Find("StatefulSet"), "spec", "selector", "matchLabels"));
        Assert.Equal(labels, Get(manifest.Find("Service"), "spec", "selector"));
        Assert.Equal(labels, Get(manifest.Find("PodDisruptionBudget"), "spec", "selector", "matchLabels"));
        Assert.Equal(labels, Get(Items(manifest.Pod, "topologySpreadConstraints").Single(), "labelSelector", "matchLabels"));
        Assert.InRange(
            Integer(manifest.Find("StatefulSet"), "spec", "replicas"),
            Integer(manifest.Find("PodDisruptionBudget"), "spec", "minAvailable") + 1, 10);
    }

    [Fact]
    public void One_port_is_served_probed_and_published()
    {
        var port = Items(manifest.Container, "ports").Single();
        Assert.Equal(
            ListenAddresses.Parse(manifest.Environment["ASPNETCORE_URLS"])!.Port, Integer(port, "containerPort"));
        var service = Items(manifest.Find("Service"), "spec", "ports").Single();
        string[] names =
        [
            Text(service, "targetPort"), .. Probes.Select(probe => Text(manifest.Container, probe, "httpGet", "port")),
        ];
        Assert.All(names, name => Assert.Equal(Text(port, "name"), name));
    }

    [Fact]
    public void A_node_has_no_rights_and_the_image_has_the_version_of_the_program()
    {
        Assert.Equal("true", Text(manifest.Pod, "securityContext", "runAsNonRoot"));
        Assert.Equal("RuntimeDefault", Text(manifest.Pod, "securityContext", "seccompProfile", "type"));
        Assert.Equal("true", Text(manifest.Container, "securityContext", "readOnlyRootFilesystem"));
        Assert.Equal("false", Text(manifest.Container, "securityContext", "allowPrivilegeEscalation"));
        Assert.Equal(["ALL"], Items(manifest.Container, "securityContext", "capabilities", "drop").Select(item => $"{item}"));
        var version = Assembly.Load("UniqueRandom.Server").GetName().Version!.ToString(3);
        Assert.Equal($"uniquerandom:{version}", Text(manifest.Container, "image"));
    }

    [Fact]
    public void The_directory_of_a_node_is_its_volume()
    {
        var mount = Items(manifest.Container, "volumeMounts").Single();
        var claim = Items(manifest.Find("StatefulSet"), "spec", "volumeClaimTemplates").Single();
        Assert.Equal(Text(claim, "metadata", "name"), Text(mount, "name"));
        Assert.Contains($"WORKDIR {Text(mount, "mountPath")}", DeploymentFiles.ReadDockerfile());
    }

    [Fact]
    public async Task A_node_serves_with_its_environment_answers_the_probes_and_stops_in_time()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        using var directory = new TemporaryDirectory();
        var environment = KeyHolder.Environment(new KeyHolder("shop", "draw"));
        environment["UniqueRandom__ConnectionString"] = database.ConnectionString;
        foreach (var (name, value) in manifest.Environment)
            environment[name] = value;
        // The tests' PostgreSQL has no standby, and the port may be in use.
        Assert.Equal("true", environment["UniqueRandom__RequireSyncStandby"]);
        environment["UniqueRandom__RequireSyncStandby"] = "false";
        var port = Text(Items(manifest.Container, "ports").Single(), "containerPort");
        environment["ASPNETCORE_URLS"] = environment["ASPNETCORE_URLS"].Replace(
            port, $"{LoopbackPort.Take()}", StringComparison.Ordinal);
        await using var node = await ServerProcess.StartAsync(directory, environment);

        foreach (var probe in Probes)
        {
            Assert.Equal(
                HttpStatusCode.OK, await node.Client.GetPromptlyAsync(Text(manifest.Container, probe, "httpGet", "path")));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await node.Client.GetPromptlyAsync("/random"));
        var stopping = Stopwatch.GetTimestamp();
        Assert.Equal(0, await node.StopAsync());
        var grace = Integer(manifest.Pod, "terminationGracePeriodSeconds")
            - Integer(manifest.Container, "lifecycle", "preStop", "sleep", "seconds");
        Assert.InRange(Stopwatch.GetElapsedTime(stopping), TimeSpan.Zero, TimeSpan.FromSeconds(grace));
        // Its file system is read-only but for the volume, which has its mark.
        Assert.Equal(["numbers.mark"], directory.Contents().Select(file => Path.GetFileName(file.Key)));
    }

    private static string[] Probes => ["livenessProbe", "readinessProbe"];
}
