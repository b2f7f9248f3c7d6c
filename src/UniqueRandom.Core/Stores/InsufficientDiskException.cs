namespace UniqueRandom.Stores;

/// <summary>The disk does not have room for a pool. Nothing was recorded.</summary>
/// <param name="message">One sentence that says how much space is needed, how much is free, and what to do.</param>
public sealed class InsufficientDiskException(string message) : Exception(message);
