using UniqueRandom.Pools;
using UniqueRandom.Server.Access;

namespace UniqueRandom.Server.Pools;

/// <summary>Who reads revealed seeds.</summary>
internal static class SeedAccess
{
    /// <summary>
    /// Returns the pool as a caller may see it. Whoever has the seed of a pool with codes can compute the issued ones, so it is
    /// for the role <c>admin</c>, which may export them anyway.
    /// </summary>
    public static Pool VisibleTo(this Pool pool, HttpContext context) =>
        pool.Definition.Code is null || Caller.Has(context, Role.Admin) ? pool : pool.WithoutSeeds();
}
