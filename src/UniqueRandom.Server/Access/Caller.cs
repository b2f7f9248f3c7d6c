namespace UniqueRandom.Server.Access;
internal static class Caller { public const string Anonymous = "anonymous"; public static string? Of(HttpContext context) => null; }
