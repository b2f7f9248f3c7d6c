using ArchUnitNET.Domain;
using ArchUnitNET.Fluent.Syntax.Elements.Types;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace UniqueRandom.Server.Tests.Layers;

/// <summary>
/// Dependencies between projects run one way: Server, Storage, Core. The client has none, and only the verbs use it.
/// </summary>
public sealed class ProjectTests
{
    private const string Core = "UniqueRandom.Core";
    private const string Storage = "UniqueRandom.Storage";
    private const string Server = "UniqueRandom.Server";
    private const string Client = "UniqueRandom.Client";

    private static readonly Architecture Product =
        new ArchLoader().LoadAssemblies([.. new[] { Core, Storage, Server, Client }.Select(Assembly.Load)]).Build();

    [Theory]
    [InlineData(Core, Storage)]
    [InlineData(Core, Server)]
    [InlineData(Storage, Server)]
    [InlineData(Client, Core)]
    [InlineData(Client, Storage)]
    [InlineData(Client, Server)]
    [InlineData(Core, Client)]
    [InlineData(Storage, Client)]
    public void A_project_does_not_depend_on_one_above_or_beside_it(string project, string other) =>
        CreateIndependenceRule(project, other).Check(Product);

    [Fact]
    public void Only_the_verbs_for_a_terminal_use_the_client() =>
        Types().That().ResideInAssembly(Assembly.Load(Server)).And().DoNotResideInNamespace($"{Server}.Terminal").Should()
            .NotDependOnAny(Types().That().ResideInAssembly(Assembly.Load(Client))).Check(Product);

    /// <summary>Verifies that the rule detects dependencies.</summary>
    [Theory]
    [InlineData(Server, Storage)]
    [InlineData(Server, Core)]
    [InlineData(Server, Client)]
    [InlineData(Storage, Core)]
    public void A_project_depends_on_those_below_it(string project, string below) =>
        Assert.Throws<FailedArchRuleException>(() => CreateIndependenceRule(project, below).Check(Product));

    private static TypesShouldConjunction CreateIndependenceRule(string from, string to) =>
        Types().That().ResideInAssembly(Assembly.Load(from)).Should()
            .NotDependOnAny(Types().That().ResideInAssembly(Assembly.Load(to)));
}
