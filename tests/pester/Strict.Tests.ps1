# Sessions with rules of their own: strict mode and $ErrorActionPreference = 'Stop' at the top, which views, types and
# completers have to bear with, and scripts that end at the first fault.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $sim = Start-Simulator '--devices 40 --sites 3 --job-ms 0'
    $variables = Get-Environment $sim
    $strict = @'
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module $env:DRMM_TEST_MODULE
Connect-DrmmApi -Url $env:DRMM_TEST_URL

'@
}

AfterAll {
    Stop-Simulator $sim
}

Describe 'A strict session' {
    It 'lists, shows and exports every kind of object without an error' {
        $run = Invoke-Shell -Variables $variables -Script ($strict + @'
$device = @(Get-DrmmDevice | Where-Object { $_.deviceClass -eq 'device' -and $_.online })[0]
$site = @(Get-DrmmSite)[0]
$component = @(Get-DrmmComponent)[0]
$job = Start-DrmmQuickJob -Component $component.uid -DeviceUid $device.uid -Wait
$lists = @(
    { Get-DrmmAccount }, { Get-DrmmSystemStatus }, { Get-DrmmQuota }, { Get-DrmmDevice }, { Get-DrmmDevice -TypedUdf }
    { Get-DrmmSite }, { Get-DrmmSiteSetting -SiteUid $site.uid }, { Get-DrmmSiteMapping }, { Get-DrmmUser }
    { Get-DrmmAlert }, { Get-DrmmAlert -Status Resolved }, { Get-DrmmComponent }, { Get-DrmmVariable }
    { Get-DrmmFilter }, { Get-DrmmDeviceAudit -DeviceUid $device.uid }, { Get-DrmmActivityLog }
    { Get-DrmmDeviceSoftware -DeviceUid $device.uid }, { Get-DrmmPatch -DeviceUid $device.uid }
    { Get-DrmmNetworkInterface -SiteUid $device.siteUid }, { Get-DrmmPatch -SiteUid $device.siteUid }
    { Get-DrmmJob -JobUid $job.jobUid }, { Get-DrmmJobComponent -JobUid $job.jobUid }, { $job }
    { Get-DrmmDevice -Property hostname, lastSeen }, { Get-DrmmDevice | ConvertTo-DrmmFlatObject }
    { Get-DrmmAlert | Add-DrmmAlertMessage }
)
foreach ($list in $lists) {
    $items = @(& $list)
    $shown = ($items | Out-String -Width 200) + ($items | Format-List | Out-String) + ($items | ConvertTo-Json -Depth 8)
    if ($items.Count -eq 0 -or $shown -match '#ERR' -or $Error.Count) { "$list : $($items.Count) $Error" }
    $Error.Clear()
}
'shown'
'@)

        "$($run.Errors)|$($run.Output)" | Should -Be '|shown'
        $run.ExitCode | Should -Be 0
    }

    It 'shows the tables also where nobody catches their errors' {
        $run = Invoke-Shell -Variables $variables -Script ($strict + @'
Get-DrmmDevice | Select-Object -First 2
Get-DrmmAlert | Select-Object -First 2 | Format-Table
'@)

        $run.Errors | Should -BeNullOrEmpty
        $run.Output | Should -Match 'Hostname.*Site'
        $run.Output | Should -Not -Match '#ERR'
    }

    It 'ends at the first fault, with an exit code and the sentence' {
        $run = Invoke-Shell -Variables $variables -Script ($strict + @'
'before'
'one', 'two' | Get-DrmmDevice
'after'
'@)

        $run.ExitCode | Should -Be 1
        $run.Output | Should -Be 'before'
        $run.Errors | Should -Match 'one'
        $run.Errors | Should -Not -Match 'two"'
    }

    It 'completes names' {
        $run = Invoke-Shell -Variables $variables -Script ($strict + @'
$line = 'Get-DrmmSite -Name '
@((TabExpansion2 $line $line.Length).CompletionMatches).Count
$Error.Count
'@)

        "$($run.Errors)|$($run.Output)" | Should -Be "|$(@(Get-DrmmSite).Count)`n0"
    }
}

Describe 'A script that stops at errors' {
    BeforeAll {
        $ErrorActionPreference = 'Stop'
    }

    It 'catches a missing object by its category' {
        $caught = try { Get-DrmmDevice unknown; 'went on' } catch { $_ }

        $caught.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $caught.FullyQualifiedErrorId | Should -Be 'DrmmNotFound,DattoRMM.Commands.GetDrmmDeviceCommand'
        $caught.TargetObject | Should -Be 'unknown'
    }

    It 'catches it by its type, and reads the status' {
        $status = try { Get-DrmmDevice unknown } catch [DattoRMM.Client.DrmmException] { $_.Exception.StatusCode }

        $status | Should -Be 404
    }

    It 'goes on where the call says so' {
        $found = @('unknown', @(Get-DrmmDevice)[0].uid | Get-DrmmDevice -ErrorAction SilentlyContinue)

        $found.Count | Should -Be 1
    }
}
