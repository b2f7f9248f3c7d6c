namespace UniqueRandom.Testing.Audit;

/// <summary>Good and forged files by name. Tests of the script and of the page use the same ones.</summary>
internal static class AuditCases
{
    private static readonly Dictionary<string, Dictionary<string, AuditCase>> ByGroup = new()
    {
        ["orders"] = OrderCases.Create(),
        ["ranges"] = RangeCases.Create(),
        ["codes"] = CodeCases.Create(),
        ["computed orders"] = ComputedCases.Create(),
        ["extended pools"] = ExtendedCases.Create(),
        ["imported numbers"] = ImportedCases.Create(),
        ["statuses"] = StatusCases.Create(),
        ["logs"] = new(LogCases.Create()),
    };

    private static readonly Dictionary<string, AuditCase> All = new(ByGroup.Values.SelectMany(group => group));

    public static IEnumerable<string> Groups => ByGroup.Keys;

    public static IEnumerable<string> Names => All.Keys;

    public static IEnumerable<string> NamesIn(string group) => ByGroup[group].Keys;

    public static AuditCase Named(string name) => All[name];
}
