namespace UniqueRandom.Testing.Audit;

/// <summary>Good and forged files by name. Tests of the script and of the page use the same ones.</summary>
internal static class AuditCases
{
    private static readonly Dictionary<string, AuditCase> All =
        new([.. OrderCases.Create(), .. RangeCases.Create(), .. StatusCases.Create(), .. LogCases.Create()]);

    public static IEnumerable<string> Names => All.Keys;

    public static AuditCase Named(string name) => All[name];
}
