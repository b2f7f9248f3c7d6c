namespace UniqueRandom.Server.Access;

/// <summary>What a key may do. The policy that asks for a role has the role's name.</summary>
internal static class Role
{
    /// <summary>May draw numbers.</summary>
    public const string Draw = "draw";

    /// <summary>May make and end pools, and read who was handed what.</summary>
    public const string Admin = "admin";

    public static readonly string[] All = [Draw, Admin];
}
