namespace UniqueRandom.Stores;

/// <summary>Attempts to deliver an event that have not succeeded.</summary>
/// <param name="Level">The level of the event.</param>
/// <param name="First">When the first attempt began, stored to the millisecond.</param>
/// <param name="Last">When the last attempt began, stored to the millisecond.</param>
public sealed record DeliveryAttempts(int Level, DateTimeOffset First, DateTimeOffset Last);
