namespace UniqueRandom.Server.Access;

/// <summary>The roles of access keys. The policy that requires a role has its name.</summary>
internal static class Role
{
    /// <summary>May draw numbers.</summary>
    public const string Draw = "draw";

    /// <summary>May create and close pools, and read the draw log.</summary>
    public const string Admin = "admin";

    public static readonly string[] All = [Draw, Admin];
}
