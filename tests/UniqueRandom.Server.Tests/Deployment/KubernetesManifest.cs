using YamlDotNet.RepresentationModel;

namespace UniqueRandom.Server.Tests.Deployment;

/// <summary>The objects of the Kubernetes manifest.</summary>
internal sealed class KubernetesManifest
{
    private readonly List<YamlNode> objects;

    public KubernetesManifest()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(DeploymentFiles.ReadManifest()));
        objects = [.. stream.Documents.Select(document => document.RootNode)];
    }

    public YamlNode Pod => Get(Find("StatefulSet"), "spec", "template", "spec");

    public YamlNode Container => Items(Pod, "containers").Single();

    /// <summary>The variables of the container, without those of the Secret.</summary>
    public Dictionary<string, string> Environment =>
        Items(Container, "env").ToDictionary(variable => Text(variable, "name"), variable => Text(variable, "value"));

    public YamlNode Find(string kind) => objects.Single(found => Text(found, "kind") == kind);

    public static YamlNode Get(YamlNode node, params string[] path) => path.Aggregate(node, (parent, name) => parent[name]);

    public static string Text(YamlNode node, params string[] path) => ((YamlScalarNode)Get(node, path)).Value!;

    public static int Integer(YamlNode node, params string[] path) => int.Parse(Text(node, path));

    public static IEnumerable<YamlNode> Items(YamlNode node, params string[] path) => (YamlSequenceNode)Get(node, path);
}
