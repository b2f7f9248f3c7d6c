namespace UniqueRandom.Server.Access;

/// <summary>The roles of access keys. The policy that requires a role has its name.</summary>
internal static class Role
{
    /// <summary>May read the status of pools. Every role may.</summary>
    public const string Read = "read";

    /// <summary>May draw numbers.</summary>
    public const string Draw = "draw";

    /// <summary>May create and close pools, and read the draw log.</summary>
    public const string Admin = "admin";

    /// <summary>May look up codes.</summary>
    public const string Lookup = "lookup";

    public static readonly string[] All = [Read, Draw, Lookup, Admin];
}
